package dev.sluice.worker.statics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.worker.exchange.RecordingStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that lie compressed beside others: gzip_static, brotli_static, zstd_static. */
final class CodedFilesTest {

    private static final long TIME_MS = FilesHarness.NOW_MS - 100_000;

    @TempDir
    Path root;

    private FilesHarness h;

    @BeforeEach
    void setUp() throws IOException {
        put("a.txt", "as it is", 0);
        put("a.txt.gz", "by gzip", 0);
        put("a.txt.br", "by brotli", 5);
        put("only.txt", "no other", 0);
        put("old.txt", "newer", 0);
        put("old.txt.gz", "older", -1);
        h = new FilesHarness(100);
        h.serve(FilesHarness.statics(root).key("gzip_static", "on").key("brotli_static", "on"));
    }

    private void put(String name, String text, int seconds) throws IOException {
        Path file = Files.writeString(root.resolve(name), text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(TIME_MS + seconds * 1000L));
    }

    private void expect(RecordingStream client, String body, String coding) {
        assertEquals(200, client.status());
        assertEquals(body, client.body());
        assertEquals(coding, client.header("content-encoding"));
        assertEquals("text/plain", client.header("content-type"));
        assertEquals("Accept-Encoding", client.header("vary"));
        assertEquals(body.length(), client.contentLength());
    }

    @Test
    void theBestThatIsThereIsSent() {
        expect(h.get("/a.txt", "Accept-Encoding: gzip"), "by gzip", "gzip");
        expect(h.get("/a.txt", "Accept-Encoding: gzip, br"), "by brotli", "br");
        expect(h.get("/a.txt", "Accept-Encoding: br;q=0.1, gzip"), "by gzip", "gzip");
        expect(h.get("/a.txt", "Accept-Encoding: zstd"), "as it is", null);
        expect(h.get("/a.txt"), "as it is", null);
        expect(h.get("/only.txt", "Accept-Encoding: gzip"), "no other", null);
    }

    @Test
    void whatIsOlderThanItsOriginalIsNotSent() {
        expect(h.get("/old.txt", "Accept-Encoding: gzip"), "newer", null);
    }

    @Test
    void eachHasATagOfItsOwn() {
        String plain = h.get("/a.txt").header("etag");
        String gzip = h.get("/a.txt", "Accept-Encoding: gzip").header("etag");
        assertNotEquals(plain, gzip);
        RecordingStream same = h.get("/a.txt", "Accept-Encoding: gzip", "If-None-Match: " + gzip);
        assertEquals(304, same.status());
        assertEquals("Accept-Encoding", same.header("vary"));
        assertEquals(200, h.get("/a.txt", "Accept-Encoding: gzip", "If-None-Match: " + plain)
                .status());
    }

    @Test
    void rangesAreThoseOfTheFileSent() {
        RecordingStream part = h.get("/a.txt", "Accept-Encoding: gzip", "Range: bytes=3-5");
        assertEquals(206, part.status());
        assertEquals("gzi", part.body());
        assertEquals("gzip", part.header("content-encoding"));
        assertEquals("bytes 3-5/7", part.header("content-range"));
    }

    @Test
    void whatIsAskedForByItsOwnNameIsAFileAsAnyOther() {
        RecordingStream client = h.get("/a.txt.gz", "Accept-Encoding: gzip");
        assertEquals("by gzip", client.body());
        assertNull(client.header("content-encoding"));
    }

    @Test
    void headSaysTheSame() {
        RecordingStream client = h.ask("HEAD /a.txt", "Accept-Encoding: gzip");
        assertEquals("gzip", client.header("content-encoding"));
        assertEquals(7, client.contentLength());
        assertEquals(0, client.bodyLength());
    }

    @Test
    void aLinkOutOfTheRootIsNotFollowed(@TempDir Path elsewhere) throws IOException {
        Path secret = Files.writeString(elsewhere.resolve("secret"), "secret");
        Files.createSymbolicLink(root.resolve("only.txt.gz"), secret);
        expect(h.get("/only.txt", "Accept-Encoding: gzip"), "no other", null);
    }

    @Test
    void withoutTheKeysNothingIsSaid() {
        h.serve(FilesHarness.statics(root));
        assertNull(h.get("/a.txt", "Accept-Encoding: gzip").header("vary"));
    }
}
