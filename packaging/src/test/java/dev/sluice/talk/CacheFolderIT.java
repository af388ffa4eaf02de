package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;

/** Somebody removes the folder of a cache that is in use: it is told of, and made again. */
final class CacheFolderIT {

    private static final String STORED = "sluice; fwd=uri-miss; stored";

    private static ScriptedUpstream peer() throws IOException {
        return ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                talk.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\n"
                        + "Content-Length: 10\r\n\r\n0123456789");
            }
        });
    }

    private static RunningSluice sluice(ScriptedUpstream peer) throws Exception {
        return RunningSluice.with("""
                [cache pages]
                path = @DIR@/caches/pages
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /]
                proxy_pass = http://%s
                proxy_cache = pages
                """.formatted(peer.address())).workers(2).start();
    }

    private static String said(RunningSluice sluice, String path) {
        try (var client = sluice.client()) {
            Response answer = client.get(path).response();
            assertEquals("0123456789", answer.text());
            return answer.field("Cache-Status");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void removeAll(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path one : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }

    private static void awaitHit(RunningSluice sluice, String path) {
        Await.that("a hit of " + path, () -> said(sluice, path).startsWith("sluice; hit"));
    }

    private static long lines(RunningSluice sluice, String part) throws IOException {
        return Files.readAllLines(sluice.folder().resolve("error.log")).stream()
                .filter(line -> line.contains(" [error] ") && line.contains(part)).count();
    }

    @Test
    void itIsMadeAgainAndStoringGoesOn() throws Exception {
        try (var peer = peer(); var sluice = sluice(peer)) {
            assertEquals(STORED, said(sluice, "/a"));
            awaitHit(sluice, "/a");
            removeAll(sluice.folder().resolve("caches/pages"));
            said(sluice, "/b");
            sluice.awaitErrorLog("was removed while it was in use: it is made again");
            awaitHit(sluice, "/b");
            awaitHit(sluice, "/a");
            assertEquals(1, lines(sluice, "removed"));
            assertEquals(STORED, said(sluice, "/c"));
            awaitHit(sluice, "/c");
        }
    }

    @Test
    void whereItCannotBeMadeNothingIsSaidToBeStored() throws Exception {
        try (var peer = peer(); var sluice = sluice(peer)) {
            Path caches = sluice.folder().resolve("caches");
            removeAll(caches);
            Files.createFile(caches);
            said(sluice, "/a");
            sluice.awaitErrorLog("install -d -o");
            Await.that("both workers know",
                    () -> said(sluice, "/b").equals("sluice; fwd=uri-miss")
                            && said(sluice, "/c").equals("sluice; fwd=uri-miss")
                            && said(sluice, "/d").equals("sluice; fwd=uri-miss"));
            Files.delete(caches);
            awaitHit(sluice, "/b");
        }
    }
}
