package dev.sluice.worker.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.worker.config.ConfigText;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where tunnels may lead, by name and by address. */
class AllowedTargetsTest {

    private static AllowedTargets of(String allowed) {
        return new AllowedTargets(ConfigText.location("/", "connect_allow = " + allowed)
                .connect().targets());
    }

    @ParameterizedTest
    @CsvSource({
        "*:443, example.com, 443, true",
        "*:443, example.com, 80, false",
        "*:*, example.com, 65535, true",
        "example.com:80, example.com, 80, true",
        "EXAMPLE.com:80, example.com, 80, true",
        "example.com:80, www.example.com, 80, false",
        "example.com:80, example.com.evil.test, 80, false",
        "*.example.com:80, www.example.com, 80, true",
        "*.example.com:80, a.b.example.com, 80, true",
        "*.example.com:80, example.com, 80, false",
        "*.example.com:80, .example.com, 80, false",
        "*.example.com:80, badexample.com, 80, false",
        "'x.test:1 example.com:80,443,8000-8999', example.com, 8000, true",
        "'x.test:1 example.com:80,443,8000-8999', example.com, 8999, true",
        "'x.test:1 example.com:80,443,8000-8999', example.com, 9000, false",
        "10.0.0.0/8:80, example.com, 80, false",
    })
    void names(String allowed, String host, int port, boolean expected) {
        assertEquals(expected, of(allowed).mayBe(host, port));
    }

    /** "-" is an address without a name. */
    @ParameterizedTest
    @CsvSource({
        "*:443, -, 93.184.216.34, true",
        "*:443, -, 10.1.2.3, false",
        "*:443, a.test, 10.1.2.3, false",
        "*:443, a.test, 127.0.0.1, false",
        "*:443, a.test, ::1, false",
        "*:443 10.0.0.0/8:443, a.test, 10.1.2.3, true",
        "*:443 10.0.0.0/8:443, a.test, 11.1.2.3, true",
        "*:443 10.0.0.0/8:444, a.test, 10.1.2.3, false",
        "*:443 10.1.2.3:443, a.test, 10.1.2.3, true",
        "*:443 10.1.2.3:443, a.test, 10.1.2.4, false",
        "*.a.test:443, b.a.test, 192.168.0.1, false",
        "b.a.test:443, b.a.test, 192.168.0.1, true",
        "a.test:443, b.test, 93.184.216.34, false",
        "a.test:443, -, 93.184.216.34, false",
        "[fd00::/8]:443, -, fd12::1, true",
        "[fd00::/8]:443, -, fe80::1, false",
        "[::ffff:10.0.0.0/104]:443, -, 10.1.2.3, true",
        "0.0.0.0/0:443, -, 127.0.0.1, true",
        "'*:443', -, 2606:2800:220:1::1, true",
    })
    void addresses(String allowed, String host, String address, boolean expected) {
        assertEquals(expected, of(allowed).allows(host.equals("-") ? null : host,
                InetAddress.ofLiteral(address), 443));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "0.0.0.0", "0.1.2.3", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.8.8.8",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1",
        "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1",
        "fc00::1", "fd00::1", "fe80::1", "fec0::1", "ff02::1", "2001:db8::1", "2001::1",
        "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1",
        "5f00::1", "4000::1",
    })
    void notPublic(String address) {
        assertEquals(false, PublicAddress.is(InetAddress.ofLiteral(address).getAddress()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00::1",
        "64:ff9b::101:101",
    })
    void isPublic(String address) {
        assertEquals(true, PublicAddress.is(InetAddress.ofLiteral(address).getAddress()));
    }

    @Test
    void aNetworkHoldsItsOwnFamilyOnly() {
        assertEquals(false, Network.of("::/0").holds(new byte[4]));
        assertEquals(true, Network.of("::/0").holds(new byte[16]));
        assertEquals(true, Network.of("128.0.0.0/1").holds(new byte[] {-1, 0, 0, 0}));
        assertEquals(false, Network.of("128.0.0.0/1").holds(new byte[] {127, 0, 0, 0}));
    }
}
