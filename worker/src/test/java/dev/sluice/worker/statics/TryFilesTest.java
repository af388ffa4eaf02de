package dev.sluice.worker.statics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.http.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths tried in order. */
final class TryFilesTest {

    @TempDir Path root;

    @BeforeEach
    void makeSite() throws Exception {
        Files.writeString(root.resolve("index.html"), "app");
        Files.writeString(root.resolve("a.txt"), "plain");
        Files.writeString(root.resolve("page.html"), "page");
        Files.createDirectory(root.resolve("dir"));
        Files.writeString(root.resolve("dir/index.html"), "dir");
        Files.createDirectory(root.resolve("bare"));
    }

    private String answer(String words, String target) {
        FilesHarness harness = new FilesHarness(100);
        harness.serve(FilesHarness.statics(root).tryFiles(words.split(" ")));
        RecordingStream reply = harness.get(target);
        return reply.status() == 200 ? reply.body() : String.valueOf(reply.status());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "$uri /index.html          | /a.txt       | plain",
        "$uri /index.html          | /deep/route  | app",
        "$uri /index.html          | /dir         | app",
        "$uri $uri/ /index.html    | /dir         | 301",
        "$uri $uri/ /index.html    | /dir/        | dir",
        "$uri $uri/ /index.html    | /            | app",
        "$uri $uri/ =404           | /bare        | 301",
        "$uri $uri/ =404           | /bare/       | 403",
        "$uri $uri.html =404       | /page        | page",
        "$uri $uri.html =404       | /pagex       | 404",
        "$uri =403                 | /none        | 403",
        "/a.txt =404               | /whatever    | plain",
        "$uri /../secret           | /none        | 500",
        "$uri /none                | /x           | 500",
        "$arg_f =404               | /x?f=/a.txt  | plain",
        "$arg_f =404               | /x?f=/../../../../etc/passwd | 404",
        "/dir/$arg_f =404          | /x?f=../a.txt | 404",
        "$arg_f =404               | /x           | 404",
    })
    void answersAsTheTableSays(String words, String target, String expected) {
        assertEquals(expected, answer(words, target));
    }

    private String redirected(String words, String target) {
        FilesHarness harness = new FilesHarness(100);
        harness.serve(FilesHarness.statics(root).tryFiles(words.split(" ")));
        String[] seen = new String[1];
        harness.redirectTo = x -> {
            String query = x.queryLength < 0 ? ""
                    : "?" + text(x.queryBuffer, x.queryOffset, x.queryLength);
            seen[0] = text(x.pathBuffer, x.pathOffset, x.pathLength) + query;
            Answers.noBody(x, 204);
        };
        harness.get(target);
        return seen[0];
    }

    private static String text(ByteBuffer b, int offset, int length) {
        byte[] bytes = new byte[length];
        b.get(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void theLastPathHasItsOwnQuery() {
        assertEquals("/index.php?a=1", redirected("$uri /index.php?$args", "/x?a=1"));
        assertEquals("/index.php?a=1", redirected("$uri /index.php$is_args$args", "/x?a=1"));
        assertEquals("/index.php", redirected("$uri /index.php$is_args$args", "/x"));
        assertEquals("/index.php", redirected("$uri /index.php", "/x?a=1"));
        assertEquals("/index.php?q=/x%3Fy", redirected("$uri /index.php?q=$uri", "/x%3fy"));
        assertEquals("/p/x?y/z", redirected("$uri /p$uri", "/x%3fy/z"));
    }

    @Test
    void whatIsNoFileIsNotForReadersAlone() {
        FilesHarness harness = new FilesHarness(100);
        harness.serve(FilesHarness.statics(root).tryFiles("$uri", "/app"));
        harness.redirectTo = x -> Answers.text(x, 200, new byte[0],
                ByteBuffer.wrap(new byte[] {(byte) ('0' + x.request.method)}), 0, 1, true);
        assertEquals(String.valueOf(Method.POST),
                harness.ask("POST /x", "Content-Length: 3").body());
        assertEquals(405, harness.ask("POST /a.txt", "Content-Length: 3").status());
        assertEquals("GET, HEAD", harness.ask("OPTIONS /a.txt").header("allow"));
    }

    @Test
    void worksBelowAnAlias() {
        FilesHarness harness = new FilesHarness(100);
        harness.serve(FilesHarness.alias(root.toString())
                .tryFiles("$uri", "$uri/", "/a.txt", "=404"), "/s");
        assertEquals("page", harness.get("/s/page.html").body());
        assertEquals("dir", harness.get("/s/dir/").body());
        assertTrue(harness.get("/s/dir?a=b").header("location").endsWith("/s/dir/?a=b"));
        assertEquals("plain", harness.get("/s/none").body());
    }
}
