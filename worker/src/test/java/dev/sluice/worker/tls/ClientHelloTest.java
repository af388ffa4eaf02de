package dev.sluice.worker.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.downstream.Hello;
import dev.sluice.worker.tls.ClientHello.Verdict;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClientHelloTest {

    private final ClientHello hello = new ClientHello(16 * 1024);

    private Verdict parse(byte[] bytes, int end) {
        return hello.parse(ByteBuffer.wrap(bytes), end);
    }

    @Test
    void shouldFindTheNameAtTheLastByte() throws Exception {
        byte[] bytes = Hello.of("Shop.Example.com");
        for (int end = 0; end < bytes.length; end++) {
            assertEquals(Verdict.NEED_MORE, parse(bytes, end), "cut at " + end);
        }
        assertEquals(Verdict.COMPLETE, parse(bytes, bytes.length));
        assertEquals("shop.example.com", hello.name());
        assertEquals(Verdict.COMPLETE, parse(Hello.of(""), Hello.of("").length));
        assertEquals("", hello.name());
    }

    @Test
    void shouldFindTheNameInRecordsOfAnySize() throws Exception {
        byte[] whole = Hello.of("shop.example.com");
        byte[] message = Arrays.copyOfRange(whole, 5, whole.length);
        for (int size = message.length / 60 + 1; size <= message.length; size++) {
            ByteBuffer cut = ByteBuffer.allocate(whole.length * 2);
            for (int from = 0; from < message.length; from += size) {
                int count = Math.min(size, message.length - from);
                cut.put(new byte[] {22, 3, 1, (byte) (count >> 8), (byte) count})
                        .put(message, from, count);
            }
            assertEquals(Verdict.COMPLETE, hello.parse(cut, cut.position()), "size " + size);
            assertEquals("shop.example.com", hello.name());
        }
    }

    @Test
    void shouldRefuseWhatIsNoHello() throws Exception {
        byte[] bytes = Hello.of("a.test");
        byte[] empty = {22, 3, 1, 0, 0};
        assertEquals(Verdict.BAD, parse(empty, 5), "a record without content");
        assertEquals(Verdict.PLAIN, parse(new byte[] {'G'}, 1));
        assertEquals(Verdict.BAD, parse(new byte[] {1}, 1));
        byte[] otherMessage = bytes.clone();
        otherMessage[5] = 2;
        assertEquals(Verdict.BAD, parse(otherMessage, 6));
        byte[] alertBetween = bytes.clone();
        alertBetween[3] = 0;
        alertBetween[4] = 4;
        assertEquals(Verdict.BAD, parse(alertBetween, bytes.length), "a record of another kind");
        byte[] long24 = bytes.clone();
        long24[6] = 1;
        assertEquals(Verdict.TOO_LARGE, parse(long24, 9));
        assertEquals(Verdict.TOO_LARGE,
                new ClientHello(100).parse(ByteBuffer.wrap(bytes), bytes.length));
    }

    private boolean lacksProtocol(boolean http2, String... protocols) throws Exception {
        byte[] bytes = Hello.of("a.test", protocols);
        assertEquals(Verdict.COMPLETE, parse(bytes, bytes.length));
        return hello.lacksProtocol(http2);
    }

    @Test
    void shouldKnowWhoSpeaksNothingOfOurs() throws Exception {
        assertFalse(lacksProtocol(false));
        assertFalse(lacksProtocol(false, "http/1.1"));
        assertFalse(lacksProtocol(false, "foo", "http/1.0", "h2"));
        assertFalse(lacksProtocol(true, "h2"));
        assertFalse(lacksProtocol(true, "foo", "h2"));
        assertTrue(lacksProtocol(false, "h2"));
        assertTrue(lacksProtocol(true, "foo", "h2c", "http/2.0", "http/1.12"));
        assertTrue(lacksProtocol(true, "H2"));
    }

    @Test
    void shouldSurviveEveryChangeOfAByte() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("ClientHelloTest seed " + seed);
        Random random = new Random(seed);
        byte[] bytes = Hello.of("a.test");
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = bytes.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            if (parse(changed, changed.length) == Verdict.COMPLETE) {
                assertEquals(hello.name(), hello.name().toLowerCase(java.util.Locale.ROOT));
            }
        }
    }
}
