package dev.sluice.worker.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {

    private final AddressText text = new AddressText();

    private boolean parse(String address) {
        byte[] bytes = address.getBytes(StandardCharsets.US_ASCII);
        return text.parse(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    @Test
    void readsWhatJavaReads() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("AddressTextTest seed " + seed);
        Random random = new Random(seed);
        byte[] bytes = new byte[16];
        for (int i = 0; i < 5000; i++) {
            random.nextBytes(bytes);
            for (int j = 0; j < 16; j += 2) {
                if (random.nextBoolean()) {
                    bytes[j] = 0;
                    bytes[j + 1] = (byte) (random.nextBoolean() ? 0 : 1);
                }
            }
            ByteBuffer expected = ByteBuffer.wrap(bytes);
            String written = InetAddress.getByAddress(bytes).getHostAddress();
            for (String form : new String[] {written, written.replaceFirst("(^|:)0(:0)+(:|$)",
                    "::")}) {
                assertTrue(parse(form), () -> "seed " + seed + ": " + form);
                assertEquals(expected.getLong(0), text.high(), form);
                assertEquals(expected.getLong(8), text.low(), form);
                assertFalse(text.isV4());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", ".1.2.3",
        "1.2.3.4x", "0001.2.3.4", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::", "12345::", "g::", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "1:", ":1",
        "fe80::1%eth0", "unix:"})
    void refusesWhatIsNoAddress(String address) {
        assertFalse(parse(address), address);
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
        "all, 192.0.2.7, true",
    })
    void admitsTheClientsOfANetwork(String network, String client, boolean admitted) {
        EventLoop loop = new EventLoop("addresses", new SteppedClock(0), () -> { });
        LoopContext ctx = new LoopContext(loop, new SlabPool(1), CounterWriter.inMemory(1, 0),
                ErrorLog.NONE, 0, 1);
        RecordingStream stream = new RecordingStream(ctx, null);
        stream.remoteAddress = client;
        assertEquals(admitted, new ClientAddresses(List.of(network)).admits(stream));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "::/129", "10.0.0.0/-1", "::ffff:10.0.0.0/95", "host"})
    void refusesNetworksThatAreNone(String network) {
        assertThrows(IllegalArgumentException.class, () -> new ClientAddresses(List.of(network)));
    }
}
