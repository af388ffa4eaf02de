package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A symbolic link may point about inside the root; out of it, only where that is allowed. */
final class StaticSymlinkIT {

    @Test
    void linksThatLeaveTheRootAreRefused() throws Exception {
        var site = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                [location s /open/]
                disable_symlinks = off
                [location s /shut/]
                disable_symlinks = on
                """).file("secret.txt", "the secret").file("outside/x.txt", "outside")
                .file("www/a.txt", "public").file("www/open/b.txt", "b")
                .file("www/shut/b.txt", "b");
        Path www = site.folder().resolve("www");
        Files.createSymbolicLink(www.resolve("inside"), Path.of("a.txt"));
        Files.createSymbolicLink(www.resolve("out"), Path.of("../secret.txt"));
        Files.createSymbolicLink(www.resolve("absolute"), site.folder().resolve("secret.txt"));
        Files.createSymbolicLink(www.resolve("folder"), Path.of("../outside"));
        Files.createSymbolicLink(www.resolve("open/out"), Path.of("../../secret.txt"));
        Files.createSymbolicLink(www.resolve("shut/in"), Path.of("b.txt"));
        try (var sluice = site.start();
                var client = sluice.client()) {
            assertEquals("public", client.get("/inside").response().text());
            expectRefused(client, "/out");
            expectRefused(client, "/absolute");
            expectRefused(client, "/folder/x.txt");
            assertEquals("the secret", client.get("/open/out").response().text());
            assertEquals("b", client.get("/shut/b.txt").response().text());
            expectRefused(client, "/shut/in");
        }
    }

    private static void expectRefused(RawClient client, String path) throws Exception {
        Response response = client.get(path).response();
        assertTrue(response.status() == 403 || response.status() == 404, path + ": " + response);
    }
}
