package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is stored outlives the processes: a whole stop, and a kill of all of them. */
final class CacheRestartIT {

    private static String did(RunningSluice sluice, String path) throws IOException {
        try (var client = sluice.client()) {
            Response answer = client.get(path).response();
            assertEquals(path.equals("/large") ? 100_000 : 10, answer.body().length);
            return answer.field("X-Did");
        }
    }

    private static void awaitHit(RunningSluice sluice, String path) {
        Await.that("a hit of " + path, () -> {
            try {
                return did(sluice, path).equals("HIT");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void whatWasStoredIsAHitAfterTheNextStart() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                int bytes = talk.target().equals("/large") ? 100_000 : 10;
                talk.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nContent-Length: "
                        + bytes + "\r\n\r\n" + "x".repeat(bytes));
            }
        }); var sluice = RunningSluice.with("""
                [cache pages]
                path = @DIR@/pages
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /]
                proxy_pass = http://%s
                proxy_cache = pages
                add_header = X-Did $upstream_cache_status
                """.formatted(peer.address())).start()) {
            awaitHit(sluice, "/small");
            awaitHit(sluice, "/large");
            sluice.signal("TERM");
            assertEquals(0, sluice.awaitExit());
            sluice.startAgain();
            long asked = peer.requestCount();
            assertEquals("HIT", did(sluice, "/small"));
            assertEquals("HIT", did(sluice, "/large"));
            long master = sluice.masterPid();
            List<Long> workers = sluice.workerPids();
            sluice.signal("KILL");
            // The workers end by themselves, and until then one of them might be asked.
            Await.that("the end of all processes", () -> !Processes.alive(master)
                    && workers.stream().noneMatch(Processes::alive));
            sluice.startAgain();
            assertEquals("HIT", did(sluice, "/small"));
            assertEquals("HIT", did(sluice, "/large"));
            assertEquals(asked, peer.requestCount());
        }
    }

    private static String cachedAt(String folder, int keys, String port) {
        return """
                [cache pages]
                path = %s/pages
                keys = %d
                [server s]
                listen = 127.0.0.1:%s
                [location s /]
                proxy_pass = http://127.0.0.1:1
                proxy_cache = pages
                """.formatted(folder, keys, port);
    }

    @Test
    void aFolderThatAnotherMasterUsesIsRefused() throws Exception {
        try (var sluice = RunningSluice.with(cachedAt("@DIR@", 1024, "@PORT@")).start()) {
            Path other = sluice.folder().resolve("other.ini");
            String same = cachedAt(sluice.folder().toString(), 2048, "8080");
            Files.writeString(other, "[main]\nrun_directory = " + sluice.folder()
                    + "/other\npid = " + sluice.folder() + "/other.pid\n" + same);
            String[] told = {"/pages\" belongs to another sluice, which runs with pid "
                    + sluice.masterPid(), "give it a folder of its own"};
            ShortCommand.run("-t", "-c", other.toString()).expect(1, told);
            ShortCommand.run("-c", other.toString()).expect(1, told);
            ShortCommand.run("-t", "-c", sluice.configuration().toString()).expect(0);
            ShortCommand.ask(sluice, "reload").expect(0);
            ShortCommand.run("purge", "-c", sluice.configuration().toString(), "pages", "-a")
                    .expect(0, "purged 0");
            sluice.signal("TERM");
            assertEquals(0, sluice.awaitExit());
            ShortCommand.run("-t", "-c", other.toString()).expect(0);
        }
    }
}
