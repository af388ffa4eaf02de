package dev.sluice.worker.statics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.exchange.SteadyAllocation;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is allocated for a request whose file is in the cache. */
final class StaticAllocationTest {

    private static final int REQUESTS = 2000;

    @TempDir Path root;

    @BeforeEach
    void makeFiles() throws Exception {
        Files.write(root.resolve("small.txt"), new byte[1024]);
        Files.write(root.resolve("big.txt"), new byte[100_000]);
        Files.writeString(root.resolve("index.html"), "home");
    }

    /** The least of some rounds: compilers and class loading allocate now and then. */
    private static long bytesPerRound(FilesHarness harness, String request, int status) {
        RecordingStream client = harness.client;
        String text = request.strip() + "\n\n";
        int length = text.replace("\n", "\r\n").length();
        client.request(text).end();
        long least = SteadyAllocation.leastBytes(REQUESTS - 1, () -> {
            for (int i = 0; i < REQUESTS; i++) {
                harness.redirects = 0;
                harness.handler.handle(client.again(length));
                client.exchange.end();
            }
        });
        assertEquals(status, client.status());
        return least;
    }

    private void check(FilesHarness harness, String request, int status) {
        long bytes = bytesPerRound(harness, request, status);
        assertTrue(bytes < REQUESTS, () -> bytes + " bytes in " + REQUESTS + " requests");
    }

    @Test
    void aSmallFile() {
        check(FilesHarness.of(root), "GET /small.txt HTTP/1.1\nHost: www\nUser-Agent: t\n", 200);
    }

    @Test
    void aBigFile() {
        check(FilesHarness.of(root), "GET /big.txt HTTP/1.1\nHost: www\n", 200);
    }

    @Test
    void aPart() {
        check(FilesHarness.of(root), "GET /big.txt HTTP/1.1\nHost: www\nRange: bytes=1-50000\n",
                206);
    }

    @Test
    void aFileTheClientHas() {
        check(FilesHarness.of(root), "GET /small.txt HTTP/1.1\nHost: www\nIf-None-Match: *\n",
                304);
    }

    @Test
    void theIndexOfADirectory() {
        check(FilesHarness.of(root), "GET / HTTP/1.1\nHost: www\n", 200);
    }

    @Test
    void theLastPathOfTryFiles() {
        FilesHarness harness = new FilesHarness(10);
        harness.serve(FilesHarness.statics(root).tryFiles("$uri", "$uri/", "/index.html"));
        check(harness, "GET /deep/route HTTP/1.1\nHost: www\n", 200);
    }
}
