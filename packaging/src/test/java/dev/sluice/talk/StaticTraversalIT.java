package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing outside the root is served, however its path is written. */
final class StaticTraversalIT {

    private static final List<String> PATHS = List.of(
            "/../secret.txt", "/a/../../secret.txt", "/%2e%2e/secret.txt", "/.%2e/secret.txt",
            "/%2e%2e%2fsecret.txt", "/..%2fsecret.txt", "/..%5csecret.txt", "/..\\secret.txt",
            "/a/..%00/secret.txt", "/%252e%252e/secret.txt", "/....//secret.txt",
            "/..;/secret.txt", "/a/..;x/../secret.txt", "/%c0%ae%c0%ae/secret.txt",
            "//../secret.txt", "/./../secret.txt", "/a/%2e%2e/%2e%2e/secret.txt",
            "/files../secret.txt", "/files%2e%2e/secret.txt", "/files/../../secret.txt",
            "http://h/../secret.txt", "/a.txt%00.html", "/%2fetc/passwd", "/%00");

    @Test
    void noSpellingEscapes() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                [location s /files]
                alias = @DIR@/files
                """).file("secret.txt", "the secret").file("www/a.txt", "public")
                .file("www/a/b.txt", "inner").file("files/c.txt", "alias").start()) {
            for (String path : PATHS) {
                try (var client = sluice.client()) {
                    Response response = client.get(path).response();
                    assertTrue(response.status() == 400 || response.status() == 404
                            || response.status() == 403, path + ": " + response);
                    assertFalse(response.text().contains("the secret"), path);
                }
            }
            try (var client = sluice.client()) {
                assertEquals("inner", client.get("/a/./b.txt").response().text());
                assertEquals("public", client.get("/a/../a.txt").response().text());
                assertEquals("public", client.get("/%61.txt").response().text());
                assertEquals("inner", client.get("//a//b.txt").response().text());
                assertEquals("alias", client.get("/files/c.txt").response().text());
            }
        }
    }
}
