package dev.sluice.common.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layout of the file, and what a reader makes of files that are not whole. */
final class CounterFileTest {
    private static final CounterLabels LABELS =
            new CounterLabels(
                    List.of("www", "münchen"),
                    List.of(new PeerLabel("api", "10.0.0.1:80"), new PeerLabel("api", "unix:/s")));

    @TempDir Path dir;

    @Test
    void headerStandsAsDrawn() throws IOException {
        Path file = dir.resolve("c");
        CounterFile.create(file, LABELS);
        ByteBuffer b = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[8];
        b.get(0, magic);
        assertEquals("SLUICECT", new String(magic, StandardCharsets.US_ASCII));
        assertEquals(1, b.getInt(8));
        assertEquals(0, b.getInt(12) % 64);
        assertEquals(Files.size(file), b.getLong(16));
        assertEquals(CounterId.values().length, b.getInt(24));
        assertEquals(Termination.values().length, b.getInt(28));
        assertEquals(26, b.getInt(32));
        assertEquals(20, b.getInt(36));
        assertEquals(2, b.getInt(40));
        assertEquals(ServerCounterId.values().length, b.getInt(44));
        assertEquals(2, b.getInt(48));
        assertEquals(PeerCounterId.values().length, b.getInt(52));
        String firstName = CounterId.values()[0].name();
        assertEquals(firstName.length(), b.getShort(64));
        byte[] name = new byte[firstName.length()];
        b.get(66, name);
        assertEquals(firstName, new String(name, StandardCharsets.US_ASCII));
        assertEquals("rw-------", permissions(file));
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(file));
    }

    @Test
    void wordsDoNotOverlapAndBlocksAreAligned() {
        CounterLayout layout = CounterLayout.of(LABELS);
        Set<Integer> used = new HashSet<>();
        claim(used, layout.scalarAt, 0);
        claim(used, layout.terminationAt, 0);
        claimHistogram(used, layout.lagAt, HistogramBounds.LOOP_LAG);
        assertTrue(used.add(layout.unreadAt));
        for (int i = 0; i < 2; i++) {
            int server = layout.firstServerAt + i * layout.serverStride;
            int peer = layout.firstPeerAt + i * layout.peerStride;
            assertEquals(0, server % 64);
            assertEquals(0, peer % 64);
            claim(used, layout.serverScalarAt, server);
            claimHistogram(used, server + layout.serverTimesAt, HistogramBounds.TIMES);
            claim(used, layout.peerScalarAt, peer);
            claimHistogram(used, peer + layout.peerTimesAt, HistogramBounds.TIMES);
        }
        for (int at : used) {
            assertTrue(at >= layout.headerBytes && at + 8 <= layout.fileBytes && at % 8 == 0);
        }
        assertEquals(layout.headerBytes, layout.scalarAt[CounterId.HEARTBEAT_MS.ordinal()]);
    }

    private static void claim(Set<Integer> used, int[] places, int from) {
        for (int place : places) {
            assertTrue(used.add(from + place));
        }
    }

    private static void claimHistogram(Set<Integer> used, int at, HistogramBounds bounds) {
        for (int i = 0; i <= bounds.bucketCount(); i++) {
            assertTrue(used.add(at + i * 8));
        }
    }

    @Test
    void readerSeesWhatTheWriterWrote() throws IOException {
        Path file = dir.resolve("c");
        CounterFile.create(file, LABELS);
        CounterWriter w = CounterWriter.open(file);
        assertEquals(LABELS, w.labels());
        w.add(CounterId.REQUESTS, 3);
        w.add(CounterId.CONNECTIONS_ACTIVE, 5);
        w.add(CounterId.CONNECTIONS_ACTIVE, -2);
        w.set(CounterId.HEARTBEAT_MS, 1_795_197_600_000L);
        w.termination(Termination.WORKER_ERROR);
        w.termination(Termination.DONE.ordinal());
        w.recordLoopLagNs(10_001);
        w.server(1).recordRequest(404, 10, 20, 1_000_000);
        w.server(1).recordRequest(0, 1, 0, -5);
        w.peer(0).add(PeerCounterId.CONNECTS, 2);
        w.peer(1).recordStatus(200);
        w.peer(1).recordStatus(999);
        w.peer(1).recordResponseNs(Long.MAX_VALUE);

        CounterValues v = CounterReader.read(file);
        assertEquals(3, v.value(CounterId.REQUESTS));
        assertEquals(3, v.value(CounterId.CONNECTIONS_ACTIVE));
        assertEquals(1_795_197_600_000L, CounterReader.heartbeatMs(file));
        assertEquals(1, v.termination(Termination.WORKER_ERROR.ordinal()));
        assertEquals(1, v.termination(Termination.DONE.ordinal()));
        assertEquals(1, v.loopLag().count(1));
        assertEquals(0, v.servers().get(0).value(ServerCounterId.REQUESTS));
        CounterValues.ServerValues second = v.servers().get(1);
        assertEquals("münchen", second.server());
        assertEquals(2, second.value(ServerCounterId.REQUESTS));
        assertEquals(11, second.value(ServerCounterId.BYTES_RECEIVED));
        assertEquals(20, second.value(ServerCounterId.BYTES_SENT));
        assertEquals(1, second.value(ServerCounterId.RESPONSES_4XX));
        assertEquals(1, second.value(ServerCounterId.RESPONSES_NONE));
        assertEquals(2, second.times().total());
        assertEquals(0.001, second.times().sumSeconds());
        assertEquals(2, v.peers().get(0).value(PeerCounterId.CONNECTS));
        assertEquals(new PeerLabel("api", "unix:/s"), v.peers().get(1).label());
        assertEquals(1, v.peers().get(1).value(PeerCounterId.RESPONSES_2XX));
        assertEquals(1, v.peers().get(1).times().count(25));
    }

    @Test
    void aSecondWriterGoesOnWhereTheFirstEnded() throws IOException {
        Path file = dir.resolve("c");
        CounterFile.create(file, LABELS);
        CounterWriter.open(file).add(CounterId.REQUESTS, 3);
        CounterWriter.open(file).add(CounterId.REQUESTS, 4);
        assertEquals(7, CounterReader.read(file).value(CounterId.REQUESTS));
    }

    /** Both mappings are open at once; a count seen means all counts before it are seen. */
    @Test
    void readerOfALivingWriterNeverSeesACountGoBack() throws Exception {
        Path file = dir.resolve("c");
        CounterFile.create(file, LABELS);
        CounterWriter w = CounterWriter.open(file);
        Thread writer =
                new Thread(
                        () -> {
                            for (int i = 0; i < 300_000; i++) {
                                w.add(CounterId.LOG_LINES, 1);
                                w.add(CounterId.REQUESTS, 1);
                            }
                        });
        writer.start();
        long before = 0;
        while (writer.isAlive()) {
            CounterValues v = CounterReader.read(file);
            assertTrue(v.value(CounterId.REQUESTS) >= before);
            before = v.value(CounterId.REQUESTS);
        }
        writer.join();
        assertEquals(300_000, CounterReader.read(file).value(CounterId.REQUESTS));
    }

    @Test
    void aFileThatIsNotWholeIsAnErrorInWords() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Path whole = dir.resolve("whole");
        CounterFile.create(whole, LABELS);
        byte[] bytes = Files.readAllBytes(whole);
        Path broken = dir.resolve("broken");
        assertThrows(IOException.class, () -> CounterReader.read(broken));
        for (int length = 0; length < bytes.length; length += 1 + random.nextInt(40)) {
            Files.write(broken, Arrays.copyOf(bytes, length));
            IOException e =
                    assertThrows(
                            IOException.class,
                            () -> CounterReader.read(broken),
                            "seed " + seed);
            assertTrue(e.getMessage().startsWith(broken + ": "), e.getMessage());
        }
        int headerBytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
        for (int i = 0; i < 500; i++) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(headerBytes)] ^= (byte) (1 << random.nextInt(8));
            Files.write(broken, damaged);
            readOrRefuse(broken, seed);
        }
    }

    private static void readOrRefuse(Path file, long seed) {
        try {
            CounterReader.read(file);
        } catch (IOException e) {
            assertTrue(e.getMessage().startsWith(file.toString()), "seed " + seed);
        }
    }

    @Test
    void aWriterMayKnowCountersThatTheFileDoesNot() throws IOException {
        // The same file with one name and one reason of another build.
        byte[] bytes = newFileBytes();
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        rename(bytes, "TIMER_FIRED", "TIMER_FIXED");
        rename(bytes, "file_shrank", "file_shrunk");
        int tableBytes = b.getInt(56);
        CRC32 crc = new CRC32();
        crc.update(bytes, 64, tableBytes);
        b.putInt(60, (int) crc.getValue());
        Path file = dir.resolve("other");
        Files.write(file, bytes);

        CounterWriter w = CounterWriter.open(file);
        w.add(CounterId.TIMER_FIRED, 5);
        w.termination(Termination.FILE_SHRANK);
        w.add(CounterId.UPSTREAM_RETRIES, 2);
        CounterValues v = CounterReader.read(file);
        assertEquals(0, v.value(CounterId.TIMER_FIRED));
        assertEquals(2, v.value(CounterId.UPSTREAM_RETRIES));
        assertEquals(0, v.termination(Termination.FILE_SHRANK.ordinal()));
        assertEquals("file_shrunk",
                v.labels().terminations().get(Termination.FILE_SHRANK.ordinal()));
    }

    private static byte[] newFileBytes() {
        ByteBuffer whole = CounterLayout.of(LABELS).newFile();
        byte[] bytes = new byte[whole.remaining()];
        whole.get(bytes);
        return bytes;
    }

    private static void rename(byte[] bytes, String from, String to) {
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = all.indexOf(from);
        assertTrue(at > 0);
        for (int i = 0; i < to.length(); i++) {
            bytes[at + i] = (byte) to.charAt(i);
        }
    }
}
