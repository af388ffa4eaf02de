package dev.sluice.worker.statics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.StaticConfig.Symlinks;
import dev.sluice.worker.exchange.RecordingStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which file a path leads to, and which it must never lead to. */
final class StaticLookupTest {

    @TempDir Path temp;
    private Path root;

    @BeforeEach
    void makeSite() throws Exception {
        root = Files.createDirectory(temp.resolve("site"));
        Files.writeString(temp.resolve("secret.txt"), "secret");
        Files.writeString(root.resolve("index.html"), "<p>home");
        Files.writeString(root.resolve("a.txt"), "plain");
        Files.writeString(root.resolve("no-type"), "x");
        Files.writeString(root.resolve(".hidden"), "dot");
        Files.writeString(root.resolve("100%.txt"), "percent");
        Files.writeString(root.resolve("%2e.txt"), "escape");
        Files.writeString(root.resolve("back\\slash"), "backslash");
        Files.writeString(root.resolve("gr\u00fc\u00df.txt"), "umlaut");
        Files.createDirectory(root.resolve("dir"));
        Files.writeString(root.resolve("dir/index.html"), "<p>dir");
        Files.createDirectory(root.resolve("empty"));
        Files.createSymbolicLink(root.resolve("in.txt"), Path.of("dir/../a.txt"));
        Files.createSymbolicLink(root.resolve("out.txt"), Path.of("../secret.txt"));
        Files.createSymbolicLink(root.resolve("abs.txt"), temp.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    }

    private String answer(FilesHarness harness, String target) {
        RecordingStream reply = harness.get(target);
        return reply.status() == 200 ? reply.body() : String.valueOf(reply.status());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "/                        | <p>home",
        "/index.html              | <p>home",
        "/a.txt                   | plain",
        "/a.txt?x=/../            | plain",
        "//a.txt                  | plain",
        "/./dir/../a.txt          | plain",
        "/%61.txt                 | plain",
        "/dir/%2e%2e/a.txt        | plain",
        "/.hidden                 | dot",
        "/100%25.txt              | percent",
        "/%252e.txt               | escape",
        "/gr%C3%BC%C3%9F.txt      | umlaut",
        "/dir/                    | <p>dir",
        "/dir                     | 301",
        "/empty/                  | 403",
        "/none                    | 404",
        "/none/                   | 404",
        "/a.txt/                  | 404",
        "/a.txt/b                 | 404",
        "/..                      | 400",
        "/../secret.txt           | 400",
        "/%2e%2e/secret.txt       | 400",
        "/.%2e/secret.txt         | 400",
        "/dir/../../secret.txt    | 400",
        "/..%2fsecret.txt         | 400",
        "/dir%2findex.html        | 404",
        "/dir%2Findex.html        | 404",
        "/..%5csecret.txt         | 400",
        "/%252e%252e/secret.txt   | 404",
        "/%252e%252e%252fsecret.txt | 404",
        "/a.txt%00.png            | 400",
        "/a.txt%20                | 404",
        "/%c0%ae%c0%ae/secret.txt | 400",
        "/out.txt                 | 403",
        "/abs.txt                 | 403",
        "/up/secret.txt           | 403",
        "/up/site/a.txt           | 403",
        "/loop                    | 403",
        "/in.txt                  | plain",
        "/dir/index.html/../x     | 404",
    })
    void leadsWhereTheTableSays(String target, String expected) {
        assertEquals(expected, answer(FilesHarness.of(root), target));
    }

    @Test
    void typesFollowTheExtension() throws Exception {
        Files.writeString(root.resolve("B.PNG"), "p");
        Files.createDirectory(root.resolve("v1.png"));
        Files.writeString(root.resolve("v1.png/raw"), "r");
        Files.writeString(root.resolve(".png"), "d");
        FilesHarness harness = FilesHarness.of(root);
        assertEquals("text/plain", harness.get("/a.txt").header("content-type"));
        assertEquals("text/html", harness.get("/").header("content-type"));
        assertEquals("image/png", harness.get("/B.PNG").header("content-type"));
        for (String path : new String[] {"/no-type", "/v1.png/raw", "/.png"}) {
            assertEquals("application/octet-stream", harness.get(path).header("content-type"));
        }
    }

    @Test
    void linksAreFollowedAnywhereOnlyWhenAllowed() {
        FilesHarness off = new FilesHarness(10);
        off.serve(FilesHarness.statics(root).symlinks(Symlinks.OFF));
        assertEquals("secret", answer(off, "/out.txt"));
        assertEquals("plain", answer(off, "/in.txt"));
        assertEquals("403", answer(off, "/loop"));
        FilesHarness on = new FilesHarness(10);
        on.serve(FilesHarness.statics(root).symlinks(Symlinks.ON));
        assertEquals("403", answer(on, "/in.txt"));
        assertEquals("403", answer(on, "/out.txt"));
        assertEquals("plain", answer(on, "/a.txt"));
    }

    @Test
    void aRootThatIsALinkIsFollowedWhenItIsSwitched() throws Exception {
        Path second = Files.createDirectory(temp.resolve("second"));
        Files.writeString(second.resolve("a.txt"), "newer");
        Path current = temp.resolve("current");
        Files.createSymbolicLink(current, root);
        FilesHarness harness = FilesHarness.of(current);
        assertEquals("plain", answer(harness, "/a.txt"));
        Path next = temp.resolve("next");
        Files.createSymbolicLink(next, second);
        Files.move(next, current, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        assertEquals("plain", answer(harness, "/a.txt"));
        harness.stepMs(FilesHarness.VALID_MS);
        assertEquals("newer", answer(harness, "/a.txt"));
        assertEquals(1, harness.cache().count());
        Files.delete(current);
        harness.stepMs(FilesHarness.VALID_MS);
        assertEquals("404", answer(harness, "/a.txt"));
    }

    @Test
    void onlyRegularFilesAreServed() throws Exception {
        Path fifo = root.resolve("fifo.txt");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        FilesHarness harness = FilesHarness.of(root);
        assertEquals("404", answer(harness, "/fifo.txt"));
        assertTrue(harness.log.getLast().contains("is not a regular file"), harness.log.getLast());
        FilesHarness devices = FilesHarness.of(Path.of("/dev"));
        assertEquals("404", answer(devices, "/null"));
    }

    @Test
    void theLogSaysWhy() throws Exception {
        FilesHarness harness = FilesHarness.of(root);
        harness.get("/out.txt?q");
        assertEquals("ERROR open() \"" + root + "/out.txt\" failed (18: Invalid cross-device link)"
                + " while sending response to client, client: 192.0.2.7,"
                + " request: \"GET /out.txt?q\"", harness.log.getLast());
        harness.get("/empty/");
        assertTrue(harness.log.getLast().startsWith(
                "ERROR directory index of \"" + root + "/empty/\" is forbidden"));
        harness.get("/nothing");
        assertTrue(harness.log.getLast().startsWith("INFO open() \"" + root + "/nothing\""));
    }

    @Test
    void aFileThatMayNotBeReadIsForbidden() throws Exception {
        Files.setPosixFilePermissions(root.resolve("a.txt"),
                PosixFilePermissions.fromString("---------"));
        boolean asRoot = Files.isReadable(root.resolve("a.txt"));
        assertEquals(asRoot ? "plain" : "403", answer(FilesHarness.of(root), "/a.txt"));
    }

    @Test
    void aDirectoryIsRedirectedToItsSlashWithTheQuery() {
        RecordingStream reply = FilesHarness.of(root).get("/dir?a=1&b=%20");
        assertEquals(301, reply.status());
        assertEquals("http://www/dir/?a=1&b=%20", reply.header("location"));
    }

    @Test
    void indexFilesAreTriedInOrder() throws Exception {
        Files.writeString(root.resolve("empty/second.html"), "2");
        FilesHarness harness = new FilesHarness(100);
        harness.serve(FilesHarness.statics(root).index("first.html", "second.html",
                "/a.txt"));
        assertEquals("2", answer(harness, "/empty/"));
        assertEquals("plain", answer(harness, "/dir/"));
        assertEquals(1, harness.redirects);
    }

    @Test
    void otherMethodsAreNotAllowed() {
        FilesHarness harness = FilesHarness.of(root);
        for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH", "BREW"}) {
            RecordingStream reply = harness.ask(method + " /a.txt", "Content-Length: 0");
            assertEquals(405, reply.status(), method);
            assertEquals("GET, HEAD", reply.header("allow"));
        }
        RecordingStream options = harness.ask("OPTIONS /a.txt");
        assertEquals(204, options.status());
        assertEquals("GET, HEAD", options.header("allow"));
        RecordingStream head = harness.ask("HEAD /a.txt");
        assertEquals(200, head.status());
        assertEquals(5, head.contentLength());
        assertEquals("", head.body());
    }

    @Test
    void aliasStandsForThePrefixAndForNothingBesideIt() throws Exception {
        Path images = Files.createDirectory(temp.resolve("images"));
        Files.writeString(images.resolve("a.png"), "image");
        Files.createDirectory(temp.resolve("images-private"));
        Files.writeString(temp.resolve("images-private/k.png"), "private");
        FilesHarness harness = new FilesHarness(100);
        harness.serve(FilesHarness.alias(images.toString()), "/i");
        assertEquals("image", answer(harness, "/i/a.png"));
        assertEquals("image", answer(harness, "/i//a.png"));
        assertEquals("301", answer(harness, "/i"));
        for (String path : new String[] {"/i../secret.txt", "/i../images-private/k.png",
            "/i-private/k.png", "/i..%2fsecret.txt"}) {
            String answer = answer(harness, path);
            assertTrue(answer.equals("404") || answer.equals("400"), path + ": " + answer);
        }
        harness.serve(FilesHarness.alias(images + "/"), "/i/");
        assertEquals("image", answer(harness, "/i/a.png"));
        assertEquals("404", answer(harness, "/i/-private/k.png"));
    }

    @Test
    void aliasOfAFileServesThatFileAlone() throws Exception {
        Files.writeString(temp.resolve("secret.txt.bak"), "backup");
        String file = temp.resolve("secret.txt").toString();
        FilesHarness harness = new FilesHarness(100);
        harness.serve(FilesHarness.alias(file), "= /one");
        assertEquals("secret", answer(harness, "/one"));
        harness.serve(FilesHarness.alias(file), "/p");
        assertEquals("secret", answer(harness, "/p"));
        assertEquals("404", answer(harness, "/p.bak"));
        assertEquals("404", answer(harness, "/p/x"));
    }

    @Test
    void pathsThatAreTooLongAreNotFound() {
        FilesHarness harness = FilesHarness.of(root);
        assertEquals("404", answer(harness, "/" + "x".repeat(300)));
        assertEquals("404", answer(harness, "/" + "x/".repeat(3000) + "y"));
        assertEquals("404", answer(harness, "/" + "x/".repeat(3000)));
    }

    @Test
    void aLocationWithoutRootHasNothing() {
        FilesHarness harness = new FilesHarness(10);
        harness.serve(FilesHarness.none());
        assertEquals("404", answer(harness, "/a.txt"));
    }

    @Test
    void bytesThatAreNoUtf8AreNamesToo() throws Exception {
        byte[] name = "/\u00ff.txt".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(6, name.length);
        assertEquals("404", answer(FilesHarness.of(root), "/%ff.txt"));
        assertNull(FilesHarness.of(root).get("/%ff.txt").aborted());
    }
}
