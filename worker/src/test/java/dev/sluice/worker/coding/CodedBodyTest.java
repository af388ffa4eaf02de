package dev.sluice.worker.coding;

import static dev.sluice.worker.coding.CodingHarness.bytes;
import static dev.sluice.worker.coding.CodingHarness.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.coding.CodingHarness.Way;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.RecordingStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies on their way through a coder: what comes out is what went in. */
final class CodedBodyTest {

    private static final int ROUNDS = 100;

    private final CodingHarness h = new CodingHarness(10, "gzip = on", "gzip_comp_level = 6",
            "brotli = on", "brotli_comp_level = 5", "zstd = on", "gzip_types = *");

    @AfterEach
    void close() {
        assertEquals(0, h.onLoop(() -> h.codings.activeCount()), "coders are given back");
        h.close();
    }

    private RecordingStream send(String coding, long length, Way way, List<byte[]> pieces) {
        return h.answer("GET / HTTP/1.1\nHost: www\nAccept-Encoding: " + coding, 200,
                List.of("Content-Type: text/html"), length, way, pieces);
    }

    private static byte[] unpacked(String coding, RecordingStream client) {
        assertEquals(coding, client.header("content-encoding"));
        assertNull(client.aborted());
        return Unpacked.of(coding, bytes(client.body()));
    }

    private static byte[] join(List<byte[]> pieces) {
        byte[] all = new byte[pieces.stream().mapToInt(one -> one.length).sum()];
        int at = 0;
        for (byte[] one : pieces) {
            System.arraycopy(one, 0, all, at, one.length);
            at += one.length;
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({"gzip,COPY", "gzip,LEND", "gzip,FILE", "br,COPY", "br,LEND", "br,FILE",
        "zstd,COPY", "zstd,LEND", "zstd,FILE"})
    void whatComesOutIsWhatWentIn(String coding, Way way) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<byte[]> pieces = pieces(random);
            byte[] whole = join(pieces);
            // Of a slow client every write waits until it has taken what it has.
            h.client.roomBytes = random.nextBoolean() ? 1 << 20 : 1 + random.nextInt(40_000);
            boolean known = random.nextBoolean() && whole.length >= 256;
            RecordingStream client = send(coding,
                    known ? whole.length : ClientStream.LENGTH_UNKNOWN, way, pieces);
            assertArrayEquals(whole, unpacked(coding, client), "seed " + seed + " round " + round);
        }
    }

    private static List<byte[]> pieces(Random random) {
        List<byte[]> pieces = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            int most = random.nextInt(3) == 0 ? 70_000 : 2_000;
            byte[] piece = text(1 + random.nextInt(most));
            if (random.nextBoolean()) {
                random.nextBytes(piece);
            }
            pieces.add(piece);
        }
        return pieces;
    }

    /** The end is worked on in a later turn than what comes before it. */
    @ParameterizedTest
    @CsvSource({"gzip,LEND", "gzip,FILE", "br,LEND", "br,FILE", "zstd,LEND", "zstd,FILE"})
    void theEndWaitsForItsTurn(String coding, Way way) {
        for (int length = 28_000; length < 140_000; length += 7_001) {
            byte[] whole = text(length);
            new Random(length).nextBytes(whole);
            assertArrayEquals(whole, unpacked(coding, send(coding, length, way,
                    List.of(whole))), "length " + length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void cutAtEveryIndex(String coding) {
        byte[] whole = text(300);
        for (int cut = 0; cut <= whole.length; cut++) {
            RecordingStream client = send(coding, ClientStream.LENGTH_UNKNOWN, Way.COPY,
                    List.of(Arrays.copyOf(whole, cut), Arrays.copyOfRange(whole, cut, 300)));
            assertArrayEquals(whole, unpacked(coding, client), "cut at " + cut);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void anEmptyBodyOfUnknownLengthIsGood(String coding) {
        assertEquals(0, unpacked(coding, send(coding, -1, Way.COPY, List.of())).length);
    }

    @Test
    void whatHasNoLengthIsSentAsItComes() throws DataFormatException {
        h.onLoop(() -> {
            h.begin("GET / HTTP/1.1\nHost: www\nAccept-Encoding: gzip\n", 200,
                    List.of("Content-Type: text/html"), ClientStream.LENGTH_UNKNOWN, Way.COPY,
                    List.of(bytes("data: 1\n\n")));
            h.step();
            return null;
        });
        byte[] came = bytes(h.onLoop(() -> h.client.body()));
        Inflater inflater = new Inflater(true);
        inflater.setInput(came, 10, came.length - 10);
        byte[] out = new byte[100];
        int length = inflater.inflate(out);
        inflater.end();
        assertEquals("data: 1\n\n", new String(out, 0, length, StandardCharsets.US_ASCII));
        h.onLoop(() -> {
            h.client.hangUp();
            return null;
        });
    }

    @Test
    void whatHasALengthIsGathered() {
        h.onLoop(() -> {
            h.begin("GET / HTTP/1.1\nHost: www\nAccept-Encoding: gzip\n", 200,
                    List.of("Content-Type: text/html"), 5000, Way.COPY, List.of(text(1000)));
            h.step();
            return null;
        });
        assertEquals(0, h.onLoop(() -> h.client.bodyLength()));
        h.onLoop(() -> {
            h.client.hangUp();
            return null;
        });
    }

    @Test
    void aClientThatLeavesWhileAPieceIsWorkedOnCostsNothing() {
        byte[] large = new byte[200_000];
        new Random(1).nextBytes(large);
        for (int i = 0; i < 20; i++) {
            h.onLoop(() -> {
                h.begin("GET / HTTP/1.1\nHost: www\nAccept-Encoding: gzip\n", 200,
                        List.of("Content-Type: text/html"), large.length, Way.LEND,
                        List.of(large));
                h.step();
                return null;
            });
            h.onLoop(() -> {
                h.client.hangUp();
                return null;
            });
            // Work that was under way comes back to the loop, and the coder with it.
            while (h.onLoop(() -> h.codings.activeCount()) > 0) {
                Thread.onSpinWait();
            }
        }
        assertTrue(send("gzip", 1000, Way.COPY, List.of(text(1000))).ended());
    }
}
