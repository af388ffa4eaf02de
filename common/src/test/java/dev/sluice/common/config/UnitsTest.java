package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times, sizes, addresses and spelling: the small parsers. */
class UnitsTest {

    @ParameterizedTest
    @CsvSource({"75, 75000", "75s, 75000", "500ms, 500", "0, 0", "5m, 300000", "2h, 7200000",
        "1d, 86400000", "1h30m, 5400000", "1s5ms, 1005", "9999999999d, 863999999913600000"})
    void times(String text, long millis) {
        assertEquals(millis, Millis.parse(text));
        assertEquals(millis, Millis.parse(Millis.format(millis)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "5x", "-1", "1.5s", "5 s", "30m1h", "1h5", "1h1h", "5S",
        "99999999999"})
    void noTimes(String text) {
        assertEquals(Millis.INVALID, Millis.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "512, 512", "64k, 65536", "64K, 65536", "10m, 10485760",
        "1g, 1073741824", "1025, 1025"})
    void sizes(String text, long bytes) {
        assertEquals(bytes, Bytes.parse(text));
        assertEquals(bytes, Bytes.parse(Bytes.format(bytes)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "32kb", "-1", "1.5m", "1 k", "99999999999", "9999999999g"})
    void noSizes(String text) {
        assertEquals(Bytes.INVALID, Bytes.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "::, ::", "0:0::0, ::", "::1, ::1",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1", "fe80::0:1, fe80::1",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7", "::ffff:1.2.3.4, 1.2.3.4", "1::, 1::"})
    void addressesHaveOneForm(String text, String form) {
        assertEquals(form, IpLiteral.format(IpLiteral.parse(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.2", "256.1.1.1", "a.b.c.d", "localhost", "fe80::1%lo",
        ":::", "1:2:3"})
    void noAddresses(String text) {
        assertNull(IpLiteral.parse(text));
    }

    @Test
    void unspecifiedAddressesHaveTheLengthOfTheirFamily() {
        assertArrayEquals(new byte[4], IpLiteral.parse("0.0.0.0"));
        assertArrayEquals(new byte[16], IpLiteral.parse("::"));
    }

    @Test
    void nearestWords() {
        List<String> known = List.of("keepalive_timeout", "keepalive", "root", "return");
        assertEquals("keepalive_timeout", Spelling.nearest("keepalive_timout", known));
        assertEquals("keepalive_timeout", Spelling.nearest("Keepalive-Timeout", known));
        assertEquals("root", Spelling.nearest("rot", known));
        assertEquals("return", Spelling.nearest("retrun", known));
        assertNull(Spelling.nearest("proxy", known));
    }
}
