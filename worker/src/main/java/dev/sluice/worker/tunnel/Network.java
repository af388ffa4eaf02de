package dev.sluice.worker.tunnel;

import java.net.InetAddress;

/** A network of one family. Immutable. */
record Network(byte[] address, int bits) {

    /** @param text in CIDR form, as the configuration writes it */
    static Network of(String text) {
        int slash = text.indexOf('/');
        return new Network(InetAddress.ofLiteral(text.substring(0, slash)).getAddress(),
                Integer.parseInt(text.substring(slash + 1)));
    }

    boolean holds(byte[] other) {
        if (other.length != address.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (other[i] != address[i]) {
                return false;
            }
        }
        int rest = bits % 8;
        return rest == 0 || (other[whole] ^ address[whole]) >> 8 - rest << 24 == 0;
    }
}
