package dev.sluice.worker.tunnel;

import java.util.Arrays;
import java.util.List;

/**
 * Whether an address belongs to somebody in the Internet: it is none of this machine, of a private
 * network, of a group, or without any meaning (RFC 6890 and its registries). Written at boot, then
 * read-only.
 */
final class PublicAddress {

    private static final Network[] SPECIAL = networks(
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
            "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // All but 2000::/3, and in there what stands for other addresses or for none.
            "::/3", "4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "2002::/16",
            "3fff::/20");
    /** It stands for an IPv4 address behind a translator (RFC 6052 §2.1). */
    private static final Network TRANSLATED = Network.of("64:ff9b::/96");
    private static final int EMBEDDED_AT = 12;

    private PublicAddress() {}

    private static Network[] networks(String... texts) {
        return List.of(texts).stream().map(Network::of).toArray(Network[]::new);
    }

    static boolean is(byte[] address) {
        if (TRANSLATED.holds(address)) {
            return is(Arrays.copyOfRange(address, EMBEDDED_AT, address.length));
        }
        for (Network special : SPECIAL) {
            if (special.holds(address)) {
                return false;
            }
        }
        return true;
    }
}
