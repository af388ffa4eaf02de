package dev.sluice.common.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ControlCodecTest {

    private static final List<ControlMessage> ALL =
            List.of(
                    new ControlMessage.Ready(4711),
                    new ControlMessage.Drained(),
                    new ControlMessage.MetricsRequest(Long.MIN_VALUE, OperatorPage.STATUS),
                    new ControlMessage.Warning("peer \u00e9 is down"),
                    new ControlMessage.Serve(),
                    new ControlMessage.Adopt(3, List.of("0.0.0.0:80", "[::]:80", "")),
                    new ControlMessage.Adopt(0, List.of()),
                    new ControlMessage.Release(3),
                    new ControlMessage.Drain(60_000, List.of("unix:/run/x.sock")),
                    new ControlMessage.Stop(),
                    new ControlMessage.ReopenLogs());

    @Test
    void everyMessageComesBackWhole() {
        assertEquals(ALL, decode(stream(), Integer.MAX_VALUE));
    }

    @Test
    void everyMessageComesBackByteByByte() {
        assertEquals(ALL, decode(stream(), 1));
    }

    @Test
    void everyMessageComesBackCutAtEveryIndex() {
        byte[] stream = stream();
        for (int cut = 0; cut <= stream.length; cut++) {
            ControlDecoder decoder = decoder();
            List<ControlMessage> got = new ArrayList<>();
            decoder.feed(ByteBuffer.wrap(stream, 0, cut));
            drain(decoder, got);
            decoder.feed(ByteBuffer.wrap(stream, cut, stream.length - cut));
            drain(decoder, got);
            assertEquals(ALL, got, "cut at " + cut);
            assertFalse(decoder.insideMessage());
        }
    }

    @Test
    void metricsOfManyMegabytesPass() {
        byte[] text = new byte[8 * 1024 * 1024];
        new Random(1).nextBytes(text);
        byte[] bytes = ControlCodec.encode(new ControlMessage.MetricsResponse(9, text));
        ControlDecoder decoder = decoder();
        ControlMessage message = null;
        for (int from = 0; from < bytes.length; from += 16_384) {
            assertNull(message);
            decoder.feed(ByteBuffer.wrap(bytes, from, Math.min(16_384, bytes.length - from)));
            message = decoder.next();
        }
        ControlMessage.MetricsResponse response = (ControlMessage.MetricsResponse) message;
        assertEquals(9, response.id());
        assertArrayEquals(text, response.text());
    }

    @Test
    void changedFilesPass() {
        byte[] files = {0, 1, 'a', 0, 0, 0, 1, 7};
        ControlDecoder decoder = decoder();
        decoder.feed(ByteBuffer.wrap(ControlCodec.encode(new ControlMessage.Renew(files))));
        assertArrayEquals(files, ((ControlMessage.Renew) decoder.next()).files());
    }

    @Test
    void answersAboutCertificatesPass() {
        ControlDecoder decoder = decoder();
        decoder.feed(ByteBuffer.wrap(ControlCodec.encode(
                new ControlMessage.Staple("/a/b.crt", new byte[] {1, 2}))));
        ControlMessage.Staple staple = (ControlMessage.Staple) decoder.next();
        assertEquals("/a/b.crt", staple.certificate());
        assertArrayEquals(new byte[] {1, 2}, staple.answer());
    }

    @Test
    void lengthOutOfRangeIsAnErrorAndStaysOne() {
        for (int length : new int[] {0, -1, Integer.MIN_VALUE, 65 * 1024}) {
            ControlDecoder decoder = new ControlDecoder(ControlCodec.FROM_WORKER_BYTES_MAX);
            decoder.feed(ByteBuffer.allocate(4).putInt(0, length));
            assertNull(decoder.next());
            assertNotNull(decoder.error());
            decoder.feed(ByteBuffer.wrap(ControlCodec.encode(new ControlMessage.Serve())));
            assertNull(decoder.next());
        }
    }

    @Test
    void fieldsCutShortOrTooLongAreErrors() {
        for (ControlMessage message : ALL) {
            byte[] good = ControlCodec.encode(message);
            for (int length = 1; length < good.length - 4 + 3; length++) {
                if (length == good.length - 4) {
                    continue;
                }
                byte[] bad = Arrays.copyOf(good, 4 + length);
                ByteBuffer.wrap(bad).putInt(0, length);
                ControlDecoder decoder = decoder();
                decoder.feed(ByteBuffer.wrap(bad));
                assertNull(decoder.next(), message + " as " + length + " bytes");
                assertNotNull(decoder.error());
            }
        }
    }

    @Test
    void randomBytesNeverThrow() {
        long seed = 20261120;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(40) + 5];
            random.nextBytes(bytes);
            ByteBuffer.wrap(bytes).putInt(0, bytes.length - 4);
            ControlDecoder decoder = decoder();
            decoder.feed(ByteBuffer.wrap(bytes));
            ControlMessage message = decoder.next();
            assertTrue(message != null || decoder.error() != null, "seed " + seed);
        }
    }

    @Test
    void longWarningIsCut() {
        ControlDecoder decoder = new ControlDecoder(ControlCodec.FROM_WORKER_BYTES_MAX);
        ControlMessage warning = new ControlMessage.Warning("x".repeat(100_000));
        decoder.feed(ByteBuffer.wrap(ControlCodec.encode(warning)));
        String text = ((ControlMessage.Warning) decoder.next()).text();
        assertEquals(ControlCodec.WARNING_BYTES_MAX, text.length());
    }

    private static ControlDecoder decoder() {
        return new ControlDecoder(ControlCodec.FROM_MASTER_BYTES_MAX);
    }

    private static byte[] stream() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ControlMessage message : ALL) {
            out.writeBytes(ControlCodec.encode(message));
        }
        return out.toByteArray();
    }

    private static List<ControlMessage> decode(byte[] stream, int step) {
        ControlDecoder decoder = decoder();
        List<ControlMessage> got = new ArrayList<>();
        for (int from = 0; from < stream.length; from += Math.min(step, stream.length)) {
            decoder.feed(ByteBuffer.wrap(stream, from, Math.min(step, stream.length - from)));
            drain(decoder, got);
        }
        assertNull(decoder.error());
        return got;
    }

    private static void drain(ControlDecoder decoder, List<ControlMessage> to) {
        for (ControlMessage m = decoder.next(); m != null; m = decoder.next()) {
            to.add(m);
        }
    }
}
