package dev.sluice.worker.statics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.worker.exchange.RecordingStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditional requests (RFC 9110 §13) for a file of 1994-11-06 08:49:37 GMT with 5 bytes. */
final class PreconditionsTest {

    private static final long MTIME_S = 784_111_777;
    private static final String TAG = "\"2ebc98a1-5\"";
    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";

    @TempDir Path root;

    @BeforeEach
    void makeFile() throws Exception {
        Path file = Files.writeString(root.resolve("a.txt"), "plain");
        Files.setLastModifiedTime(file, FileTime.fromMillis(MTIME_S * 1000 + 250));
    }

    @Test
    void sendsTheValidators() {
        RecordingStream reply = FilesHarness.of(root).get("/a.txt");
        assertEquals(TAG, reply.header("etag"));
        assertEquals(DATE, reply.header("last-modified"));
        assertEquals("bytes", reply.header("accept-ranges"));
        assertEquals(5, reply.contentLength());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "If-None-Match: TAG                               | 304",
        "If-None-Match: W/TAG                             | 304",
        "If-None-Match: \"x\", TAG                        | 304",
        "If-None-Match: \"a,b\" ,W/\"c\",,TAG , \"z\"     | 304",
        "If-None-Match: *                                 | 304",
        "If-None-Match: \"x\"                             | 200",
        "If-None-Match: 2ebc98a1-5                        | 200",
        "If-None-Match: \"x, TAG                          | 200",
        "If-None-Match: w/TAG                             | 200",
        "If-None-Match: \"x\";If-None-Match: TAG          | 304",
        "If-None-Match: \"x\";If-Modified-Since: DATE     | 200",
        "If-None-Match: TAG;If-Modified-Since: OLDER      | 304",
        "If-Modified-Since: DATE                          | 304",
        "If-Modified-Since: NEWER                         | 304",
        "If-Modified-Since: OLDER                         | 200",
        "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT| 304",
        "If-Modified-Since: Sun Nov  6 08:49:37 1994      | 304",
        "If-Modified-Since: yesterday                     | 200",
        "If-Modified-Since: NEWER;If-Modified-Since: NEWER| 200",
        "If-Match: TAG                                    | 200",
        "If-Match: *                                      | 200",
        "If-Match: W/TAG                                  | 412",
        "If-Match: \"x\"                                  | 412",
        "If-Match: \"x\", TAG                             | 200",
        "If-Match: TAG;If-Unmodified-Since: OLDER         | 200",
        "If-Match: TAG;If-None-Match: TAG                 | 304",
        "If-Match: \"x\";If-None-Match: TAG               | 412",
        "If-Unmodified-Since: DATE                        | 200",
        "If-Unmodified-Since: NEWER                       | 200",
        "If-Unmodified-Since: OLDER                       | 412",
        "If-Unmodified-Since: never                       | 200",
        "If-Match: *;If-Modified-Since: DATE              | 304",
        "Range: bytes=0-1                                 | 206",
        "Range: bytes=0-1;If-Range: TAG                   | 206",
        "Range: bytes=0-1;If-Range: W/TAG                 | 200",
        "Range: bytes=0-1;If-Range: \"x\"                 | 200",
        "Range: bytes=0-1;If-Range: DATE                  | 206",
        "Range: bytes=0-1;If-Range: NEWER                 | 200",
        "Range: bytes=0-1;If-Range: OLDER                 | 200",
        "Range: bytes=0-1;If-Range: x                     | 200",
        "Range: bytes=0-1;If-None-Match: TAG              | 304",
        "Range: bytes=9-;If-None-Match: TAG               | 304",
        "Range: bytes=9-;If-Match: \"x\"                  | 412",
        "Range: bytes=9-;If-Range: \"x\"                  | 200",
        "Range: bytes=9-                                  | 416",
        "Range: bytes=0-1;Range: bytes=2-3                | 200",
    })
    void answersAsTheTableSays(String fields, int status) {
        String[] lines = fields.replace("TAG", TAG).replace("DATE", DATE)
                .replace("OLDER", "Sun, 06 Nov 1994 08:49:36 GMT")
                .replace("NEWER", "Sun, 06 Nov 1994 08:49:38 GMT").split(";");
        FilesHarness harness = FilesHarness.of(root);
        RecordingStream reply = harness.get("/a.txt", lines);
        assertEquals(status, reply.status());
        if (status == 304) {
            assertEquals("", reply.body());
            assertEquals(TAG, reply.header("etag"));
            assertEquals(DATE, reply.header("last-modified"));
            assertNull(reply.header("content-type"));
        }
        RecordingStream head = harness.ask("HEAD /a.txt", lines);
        assertEquals(status == 206 || status == 416 ? 200 : status, head.status());
    }

    @Test
    void withoutTagsTheDateCounts() {
        FilesHarness harness = new FilesHarness(10);
        harness.serve(FilesHarness.statics(root).etag(false));
        assertNull(harness.get("/a.txt").header("etag"));
        assertEquals(200, harness.get("/a.txt", "If-None-Match: " + TAG).status());
        assertEquals(304, harness.get("/a.txt", "If-None-Match: *").status());
        assertEquals(412, harness.get("/a.txt", "If-Match: " + TAG).status());
        assertEquals(304, harness.get("/a.txt", "If-Modified-Since: " + DATE).status());
    }

    @Test
    void aFileOfTheFutureIsModifiedNow() throws Exception {
        Files.setLastModifiedTime(root.resolve("a.txt"),
                FileTime.fromMillis(FilesHarness.NOW_MS + 3_600_000));
        assertEquals("Fri, 20 Nov 2026 18:00:00 GMT",
                FilesHarness.of(root).get("/a.txt").header("last-modified"));
    }

    @Test
    void aHeadThatDoesNotFitIsAnError() {
        FilesHarness harness = FilesHarness.of(root);
        harness.client.headsRefused = 1;
        assertEquals(500, harness.get("/a.txt").status());
        harness.client.headsRefused = 1;
        assertEquals(500, harness.get("/a.txt", "If-None-Match: *").status());
        assertEquals(200, harness.get("/a.txt").status());
    }

    @Test
    void anErrorPageIsSentWhole() {
        FilesHarness harness = FilesHarness.of(root);
        harness.begin("GET /a.txt", "If-None-Match: *");
        harness.client.finish();
        var x = harness.client.request("GET /a.txt HTTP/1.1\nHost: www\nIf-None-Match: *\n"
                + "Range: bytes=0-1\n");
        x.errorStatus = 503;
        harness.handler.handle(x);
        assertEquals(503, harness.client.finish().status());
        assertEquals("plain", harness.client.body());
        assertNull(harness.client.header("etag"));
    }
}
