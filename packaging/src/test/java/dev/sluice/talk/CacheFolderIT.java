package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;

/**
 * Somebody removes or cuts files of a cache that is in use, or what it should lie in is no place
 * for it at the start: that is told of, and mended.
 */
final class CacheFolderIT {

    private static final int LARGE = 500_000;
    private static final String STORED = "sluice; fwd=uri-miss; stored";
    private static final String NOT_TAKEN = "sluice; fwd=uri-miss; detail=disk";

    private static ScriptedUpstream peer() throws IOException {
        return ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                int bytes = talk.target().equals("/large") ? LARGE : 10;
                talk.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\n"
                        + "Content-Length: " + bytes + "\r\n\r\n"
                        + "0123456789".repeat(bytes / 10));
            }
        });
    }

    private static RunningSluice sluice(ScriptedUpstream peer) throws Exception {
        return prepared(peer).start();
    }

    private static RunningSluice prepared(ScriptedUpstream peer) throws Exception {
        return RunningSluice.with("""
                [cache pages]
                path = @DIR@/caches/pages
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /]
                proxy_pass = http://%s
                proxy_cache = pages
                proxy_cache_purge = 127.0.0.1
                """.formatted(peer.address())).workers(2);
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
                    () -> said(sluice, "/b").equals(NOT_TAKEN)
                            && said(sluice, "/c").equals(NOT_TAKEN)
                            && said(sluice, "/d").equals(NOT_TAKEN));
            Files.delete(caches);
            awaitHit(sluice, "/b");
        }
    }

    @Test
    void oneThatCannotBeUsedAtTheStartIsUsedOnceItCan() throws Exception {
        try (var peer = peer(); var sluice = prepared(peer).file("caches", "in the way").start()) {
            String past = "sluice; fwd=bypass; detail=no-folder";
            assertEquals(past, said(sluice, "/a"));
            assertEquals(past, said(sluice, "/a"));
            assertEquals("HTTP/1.1 503 Service Unavailable", purged(sluice));
            assertEquals(2, lines(sluice, "caches/pages\" cannot be used"));
            Files.delete(sluice.folder().resolve("caches"));
            sluice.awaitErrorLog("can be used now");
            awaitHit(sluice, "/a");
            Await.that("a purge", () -> purged(sluice).equals("HTTP/1.1 200 OK"));
        }
    }

    private static String purged(RunningSluice sluice) {
        try (var client = sluice.client()) {
            client.request("PURGE / HTTP/1.1", "Host: h", "Cache-Tag: t", "Connection: close");
            return client.readUntilClosed().lines().findFirst().orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int bytesOfLarge(RunningSluice sluice) {
        try (var client = sluice.client()) {
            client.request("GET /large HTTP/1.1", "Host: h", "Connection: close");
            String all = client.readUntilClosed();
            return all.length() - all.indexOf("\r\n\r\n") - 4;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path largest(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().contains("-0"))
                    .max(Comparator.comparingLong(file -> file.toFile().length())).orElseThrow();
        }
    }

    @Test
    void aFileThatWasCutIsServedCutOnce() throws Exception {
        try (var peer = peer(); var sluice = sluice(peer)) {
            for (int i = 0; i < 20; i++) {
                assertEquals(LARGE, bytesOfLarge(sluice));
            }
            long asked = peer.requestCount();
            try (var file = new RandomAccessFile(
                    largest(sluice.folder().resolve("caches/pages")).toFile(), "rw")) {
                file.setLength(10_000);
            }
            int cut = 0;
            for (int i = 0; i < 20; i++) {
                cut += bytesOfLarge(sluice) == LARGE ? 0 : 1;
            }
            assertEquals(1, cut);
            assertEquals(asked + 1, peer.requestCount());
            assertEquals(1, lines(sluice, "fetched anew when it is asked for"));
        }
    }
}
