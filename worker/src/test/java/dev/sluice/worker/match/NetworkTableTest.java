package dev.sluice.worker.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTableTest {

    private static int find(NetworkTable table, String address) {
        byte[] bytes = ("xx" + address).getBytes(StandardCharsets.US_ASCII);
        return table.find(ByteBuffer.wrap(bytes), 2, bytes.length);
    }

    private static NetworkTable table(String... networks) {
        int[] values = new int[networks.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return new NetworkTable(List.of(networks), values);
    }

    @Test
    void theLongestPrefixCounts() {
        NetworkTable table = table("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "0.0.0.0/0");
        assertEquals(0, find(table, "10.0.0.1"));
        assertEquals(1, find(table, "10.1.0.0"));
        assertEquals(2, find(table, "10.1.2.3"));
        assertEquals(1, find(table, "10.1.2.4"));
        assertEquals(1, find(table, "10.1.255.255"));
        assertEquals(0, find(table, "10.2.0.0"));
        assertEquals(3, find(table, "11.0.0.0"));
        assertEquals(3, find(table, "255.255.255.255"));
        assertEquals(NetworkTable.NONE, find(table, "::1"));
    }

    @Test
    void ipv6AndMapped() {
        NetworkTable table = table("2001:db8::/32", "2001:db8:1::/48", "::ffff:192.0.2.0/120",
                "::/0", "fe80::1");
        assertEquals(0, find(table, "2001:db8::1"));
        assertEquals(1, find(table, "2001:db8:1:ffff::"));
        assertEquals(0, find(table, "2001:db8:2::"));
        assertEquals(2, find(table, "192.0.2.7"));
        assertEquals(2, find(table, "::ffff:192.0.2.7"));
        assertEquals(3, find(table, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
        assertEquals(4, find(table, "fe80::1"));
        assertEquals(NetworkTable.NONE, find(table, "192.0.3.7"), "no IPv6 network holds it");
    }

    @Test
    void unixSocketsAndWhatIsNoAddress() {
        NetworkTable table = table("0.0.0.0/0", "unix:");
        assertEquals(1, find(table, "unix:"));
        assertEquals(NetworkTable.NONE, find(table, ""));
        assertEquals(NetworkTable.NONE, find(table, "10.0.0"));
        assertEquals(NetworkTable.NONE, find(NetworkTable.of(List.of()), "10.0.0.1"));
        assertEquals(NetworkTable.NONE, find(NetworkTable.of(List.of()), "unix:"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.0.0.0/8, ::ffff:10.1.1.1, true",
        "10.0.0.0/8, ::ffff:a01:101, true",
        "10.0.0.0/8, ::10.1.1.1, false",
        "10.9.9.9/8, 10.1.1.1, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 203.0.113.9, false",
        "::/0, ::ffff:203.0.113.9, false",
        "::ffff:10.0.0.0/104, 10.1.1.1, true",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "2001:db8::/64, 2001:db8::ffff, true",
        "2001:db8::/65, 2001:db8:0:0:8000::, false",
        "::1, ::1, true",
        "::1, ::2, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, unix:, false",
        "unix:, unix:, true",
        "unix:, 192.0.2.7, false",
    })
    void holdsTheAddressesOfANetwork(String network, String address, boolean held) {
        assertEquals(held, find(NetworkTable.of(List.of(network)), address) == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "::/129", "10.0.0.0/-1", "::ffff:10.0.0.0/95", "host"})
    void refusesNetworksThatAreNone(String network) {
        assertThrows(IllegalArgumentException.class, () -> NetworkTable.of(List.of(network)));
    }

    @Test
    void equalsANaiveSearchOnRandomTables() {
        long seed = new Random().nextLong();
        System.out.println("NetworkTableTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<long[]> nets = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            int count = random.nextInt(30);
            for (int i = 0; i < count; i++) {
                int bits = random.nextInt(33);
                // Few addresses, so that networks nest and touch.
                long from = bits == 0 ? 0 : address(random) >>> 32 - bits << 32 - bits;
                boolean twice = nets.stream().anyMatch(n -> n[0] == from && n[1] == bits);
                if (!twice) {
                    nets.add(new long[] {from, bits});
                    texts.add(dotted(from) + "/" + bits);
                }
            }
            NetworkTable table = table(texts.toArray(String[]::new));
            for (int i = 0; i < 200; i++) {
                long wanted = address(random);
                assertEquals(naive(nets, wanted), find(table, dotted(wanted)),
                        () -> "seed " + seed + " " + texts + " " + dotted(wanted));
            }
        }
    }

    @Test
    void equalsARuleByRuleSearchWhenInOrder() {
        long seed = new Random().nextLong();
        System.out.println("NetworkTableTest in order, seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<String> texts = new ArrayList<>();
            List<long[]> nets = new ArrayList<>();
            int count = random.nextInt(30);
            for (int i = 0; i < count; i++) {
                int bits = random.nextInt(33);
                long from = bits == 0 ? 0 : address(random) >>> 32 - bits << 32 - bits;
                nets.add(new long[] {from, bits});
                texts.add(dotted(from) + "/" + bits);
            }
            int[] places = new int[count];
            Arrays.setAll(places, i -> i);
            NetworkTable table = NetworkTable.inOrder(texts, places);
            for (int i = 0; i < 200; i++) {
                long wanted = address(random);
                assertEquals(first(nets, wanted), find(table, dotted(wanted)),
                        () -> "seed " + seed + " " + texts + " " + dotted(wanted));
            }
        }
    }

    private static int first(List<long[]> nets, long wanted) {
        for (int i = 0; i < nets.size(); i++) {
            long bits = nets.get(i)[1];
            if (bits == 0 || wanted >>> 32 - bits == nets.get(i)[0] >>> 32 - bits) {
                return i;
            }
        }
        return NetworkTable.NONE;
    }

    private static long address(Random random) {
        long[] bytes = {0, 1, 127, 128, 255};
        long address = 0;
        for (int i = 0; i < 4; i++) {
            address = address << 8 | bytes[random.nextInt(bytes.length)];
        }
        return address;
    }

    private static String dotted(long a) {
        return (a >> 24 & 255) + "." + (a >> 16 & 255) + "." + (a >> 8 & 255) + "." + (a & 255);
    }

    private static int naive(List<long[]> nets, long wanted) {
        int best = NetworkTable.NONE;
        long bestBits = -1;
        for (int i = 0; i < nets.size(); i++) {
            long bits = nets.get(i)[1];
            boolean holds = bits == 0 || wanted >>> 32 - bits == nets.get(i)[0] >>> 32 - bits;
            if (holds && bits > bestBits) {
                best = i;
                bestBits = bits;
            }
        }
        return best;
    }
}
