package dev.sluice.worker.coding;

import static dev.sluice.worker.coding.CodingHarness.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.coding.CodingHarness.Way;
import dev.sluice.worker.exchange.RecordingStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that come by gzip, for clients that do not take it. */
final class GunzipTest {

    private final CodingHarness h =
            new CodingHarness(10, "gunzip = on", "gunzip_max_size = 300k");

    @AfterEach
    void close() {
        assertEquals(0, h.onLoop(() -> h.codings.activeCount()), "coders are given back");
        h.close();
    }

    private static byte[] gzip(byte[] body) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private RecordingStream send(String accepted, byte[]... pieces) {
        int length = Arrays.stream(pieces).mapToInt(one -> one.length).sum();
        return h.answer("GET / HTTP/1.1\nHost: www" + accepted, 200,
                List.of("Content-Encoding: gzip", "Content-Type: text/x", "ETag: \"x\""),
                length, Way.COPY, List.of(pieces));
    }

    private static byte[] bytes(RecordingStream client) {
        return CodingHarness.bytes(client.body());
    }

    @Test
    void itIsUnpackedForWhoDoesNotAcceptIt() {
        RecordingStream client = send("", gzip(text(100_000)));
        assertNull(client.header("content-encoding"));
        assertEquals("W/\"x\"", client.header("etag"));
        assertEquals("Accept-Encoding", client.header("vary"));
        assertArrayEquals(text(100_000), bytes(client));
    }

    @Test
    void itIsUnpackedForHttp10Too() {
        byte[] packed = gzip(text(5000));
        RecordingStream client = h.answer("GET / HTTP/1.0", 200,
                List.of("Content-Encoding: gzip"), packed.length, Way.COPY, List.of(packed));
        assertNull(client.header("content-encoding"));
        assertArrayEquals(text(5000), bytes(client));
    }

    @Test
    void itStaysForWhoAcceptsIt() {
        RecordingStream client = send("\nAccept-Encoding: gzip", gzip(text(5000)));
        assertEquals("gzip", client.header("content-encoding"));
        assertEquals("\"x\"", client.header("etag"));
        assertArrayEquals(gzip(text(5000)), bytes(client));
    }

    @Test
    void cutAtEveryIndex() {
        byte[] whole = gzip(text(200));
        for (int cut = 0; cut <= whole.length; cut++) {
            assertArrayEquals(text(200), bytes(send("", Arrays.copyOf(whole, cut),
                    Arrays.copyOfRange(whole, cut, whole.length))), "cut at " + cut);
        }
    }

    @Test
    void membersAreJoinedAndPaddingIsDropped() {
        assertEquals("a".repeat(300) + "b".repeat(300),
                send("", gzip(CodingHarness.bytes("a".repeat(300))),
                        gzip(CodingHarness.bytes("b".repeat(300))), new byte[5]).body());
    }

    @Test
    void allFieldsOfAHeadAreReadOver() {
        byte[] plain = gzip(text(300));
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3});
        out.writeBytes(new byte[] {3, 0, 'e', 'x', 't'});
        out.writeBytes(CodingHarness.bytes("name\0comment\0"));
        out.writeBytes(new byte[] {9, 9});
        out.write(plain, 10, plain.length - 10);
        assertArrayEquals(text(300), bytes(send("", out.toByteArray())));
    }

    @Test
    void whatIsBrokenIsCut() {
        byte[] good = gzip(text(500));
        List<byte[]> broken = new ArrayList<>();
        for (int i : new int[] {0, 1, 2, good.length - 1, good.length - 5}) {
            byte[] copy = good.clone();
            copy[i] ^= 0x40;
            broken.add(copy);
        }
        broken.add(Arrays.copyOf(good, good.length - 1));
        broken.add(Arrays.copyOf(good, 9));
        for (byte[] one : broken) {
            assertEquals(Termination.UPSTREAM_BAD_BODY, send("", one).aborted());
        }
    }

    @Test
    void randomBytesNeverPass() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] good = gzip(text(2000));
        for (int i = 0; i < 100; i++) {
            byte[] copy = good.clone();
            copy[random.nextInt(copy.length - 8) + 8] ^= (byte) (1 + random.nextInt(255));
            RecordingStream client = send("", copy);
            assertTrue(client.aborted() != null || Arrays.equals(text(2000), bytes(client)),
                    "seed " + seed);
        }
    }

    @Test
    void aBombIsCut() {
        byte[] bomb = gzip(new byte[20_000_000]);
        RecordingStream client = send("", bomb);
        assertEquals(Termination.UPSTREAM_BAD_BODY, client.aborted());
        assertTrue(client.bodyLength() <= 340_000, "bytes " + client.bodyLength());
    }
}
