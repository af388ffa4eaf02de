package dev.sluice.worker.statics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.RecordingStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes of files of all sizes on their way to fast and slow clients. */
final class FileSendTest {

    private static final int[] SIZES = {0, 1, 511, 512, 513, 8191, 8192, 8193, 16_384, 16_385,
        70_000, 300_000};

    @TempDir Path root;

    @BeforeEach
    void makeFiles() throws Exception {
        for (int size : SIZES) {
            Files.write(root.resolve(size + ".txt"), content(size));
        }
    }

    private static byte[] content(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static String text(int size, int from, int to) {
        return new String(content(size), from, to - from, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({"1048576, true", "1048576, false", "1000, true", "1000, false", "7, false"})
    void arriveWhole(int room, boolean sendfile) {
        FilesHarness harness = new FilesHarness(100);
        harness.serve(FilesHarness.statics(root).sendfile(sendfile));
        harness.client.roomBytes = room;
        for (int size : SIZES) {
            RecordingStream reply = harness.get("/" + size + ".txt");
            assertEquals(200, reply.status());
            assertEquals(size, reply.contentLength());
            assertEquals(text(size, 0, size), reply.body(), "size " + size);
        }
    }

    @ParameterizedTest
    @CsvSource({"1048576, true", "1048576, false", "100, true", "100, false", "7, true"})
    void arriveInParts(int room, boolean sendfile) {
        FilesHarness harness = new FilesHarness(100);
        harness.serve(FilesHarness.statics(root).sendfile(sendfile));
        harness.client.roomBytes = room;
        for (int size : new int[] {512, 8192, 8193, 70_000, 300_000}) {
            RecordingStream reply = harness.get("/" + size + ".txt", "Range: bytes=10-19");
            assertEquals(206, reply.status());
            assertEquals("bytes 10-19/" + size, reply.header("content-range"));
            assertEquals(text(size, 10, 20), reply.body());
            int half = size / 2;
            reply = harness.get("/" + size + ".txt",
                    "Range: bytes=" + half + "-, 0-99, 200-200, 999999999-");
            assertMultipart(reply, size, new int[][] {{half, size}, {0, 100}, {200, 201}});
        }
    }

    private static void assertMultipart(RecordingStream reply, int size, int[][] parts) {
        assertEquals(206, reply.status());
        Matcher type = Pattern.compile("multipart/byteranges; boundary=([0-9a-f]{16})")
                .matcher(reply.header("content-type"));
        assertTrue(type.matches());
        StringBuilder expected = new StringBuilder();
        for (int[] part : parts) {
            expected.append("\r\n--").append(type.group(1))
                    .append("\r\nContent-Type: text/plain\r\nContent-Range: bytes ")
                    .append(part[0]).append('-').append(part[1] - 1).append('/').append(size)
                    .append("\r\n\r\n").append(text(size, part[0], part[1]));
        }
        expected.append("\r\n--").append(type.group(1)).append("--\r\n");
        assertEquals(expected.toString(), reply.body());
        assertEquals(expected.length(), reply.contentLength());
    }

    @Test
    void rangesThatCannotBeHadAreToldWithTheSize() {
        RecordingStream reply = FilesHarness.of(root).get("/512.txt", "Range: bytes=512-");
        assertEquals(416, reply.status());
        assertEquals("bytes */512", reply.header("content-range"));
        assertEquals(416, FilesHarness.of(root).get("/0.txt", "Range: bytes=0-").status());
        assertEquals(200, FilesHarness.of(root).get("/0.txt", "Range: bytes=-1").status());
    }

    @Test
    void rangesAreOffWithoutAnyAllowed() {
        FilesHarness harness = new FilesHarness(10);
        harness.serve(FilesHarness.statics(root).maxRanges(0));
        RecordingStream reply = harness.get("/512.txt", "Range: bytes=0-1");
        assertEquals(200, reply.status());
        assertFalse(reply.headers().containsKey("accept-ranges"));
        harness.serve(FilesHarness.statics(root).maxRanges(2));
        assertEquals(206, harness.get("/512.txt", "Range: bytes=0-1,5-6").status());
        assertEquals(200, harness.get("/512.txt", "Range: bytes=0-1,5-6,8-9").status());
    }

    @Test
    void aSmallFileGoesOutWithItsHead() {
        FilesHarness harness = FilesHarness.of(root);
        for (int size : new int[] {1, 8192, 16_384}) {
            harness.begin("GET /" + size + ".txt");
            assertTrue(harness.client.ended());
            assertEquals(size, harness.client.bodyLength());
            harness.client.finish();
        }
        harness.begin("GET /16385.txt");
        assertEquals(16_385, harness.client.fileLeft());
        harness.client.finish();
    }

    @Test
    void aFileThatIsReplacedWhileItIsSentIsSentAsItWas() throws Exception {
        FilesHarness harness = FilesHarness.of(root);
        harness.begin("GET /300000.txt");
        Files.writeString(root.resolve("new"), "new");
        Files.move(root.resolve("new"), root.resolve("300000.txt"),
                StandardCopyOption.REPLACE_EXISTING);
        harness.stepMs(FilesHarness.VALID_MS);
        RecordingStream other = new RecordingStream(harness.ctx, harness);
        var x = other.request("GET /300000.txt HTTP/1.1\nHost: www\n");
        harness.handler.handle(x);
        assertEquals("new", other.finish().body());
        assertEquals(text(300_000, 0, 300_000), harness.client.finish().body());
    }

    @Test
    void aFileThatShrinksCutsTheAnswer() throws Exception {
        for (boolean sendfile : new boolean[] {true, false}) {
            Files.write(root.resolve("300000.txt"), content(300_000));
            FilesHarness harness = new FilesHarness(10);
            harness.serve(FilesHarness.statics(root).sendfile(sendfile));
            harness.client.roomBytes = 1000;
            harness.begin("GET /300000.txt");
            try (RandomAccessFile file =
                    new RandomAccessFile(root.resolve("300000.txt").toFile(), "rw")) {
                file.setLength(5000);
            }
            RecordingStream reply = harness.client.finish();
            assertEquals(Termination.FILE_SHRANK, reply.aborted());
            if (!sendfile) {
                assertTrue(harness.log.getLast().contains("became shorter than 300000 bytes"));
            }
        }
    }

    @Test
    void aClientThatHangsUpLetsGoOfTheFile() throws Exception {
        FilesHarness harness = new FilesHarness(0);
        harness.serve(FilesHarness.statics(root));
        harness.get("/1.txt");
        long before = openDescriptors();
        for (int i = 0; i < 50; i++) {
            harness.begin("GET /300000.txt");
            assertEquals(before + 1, openDescriptors());
            harness.client.hangUp();
        }
        assertEquals(before, openDescriptors());
    }

    private static long openDescriptors() throws Exception {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }
}
