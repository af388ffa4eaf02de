package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
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
}
