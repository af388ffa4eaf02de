package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A worker serves no more than max_active_requests at once: further requests wait, whatever
 * connections they come on, and further connections wait in the queue of the kernel.
 */
final class AcceptPauseIT {

    private static final int MOST = 3;
    private static final int CLIENTS = 20;

    private final Semaphore hold = new Semaphore(0);
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private void work(UpstreamTalk talk) throws Exception {
        while (talk.readRequest()) {
            most.accumulateAndGet(working.incrementAndGet(), Math::max);
            hold.acquire();
            working.decrementAndGet();
            talk.answer(200, talk.target());
        }
    }

    private static RunningSluice sluice(ScriptedUpstream peer) throws IOException {
        return RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /]
                proxy_pass = http://%s
                [location s /quick]
                return = 200 "quick"
                [admin]
                listen = 127.0.0.1:@PORT:admin@
                """.formatted(peer.address())).http("max_active_requests = " + MOST);
    }

    private static void ask(List<RawClient> clients) throws IOException {
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).get("/" + i);
        }
    }

    /** One after the other is let go: the number is kept all the time, and nobody is forgotten. */
    private void expectAll(List<RawClient> clients, ScriptedUpstream peer) throws Exception {
        Await.that("as many as there may be", () -> peer.requestCount() == MOST);
        Await.during(300, "no more", () -> peer.requestCount() == MOST);
        for (int i = 1; i <= CLIENTS; i++) {
            hold.release();
            int begun = Math.min(CLIENTS, MOST + i);
            Await.that(begun + " begun", () -> peer.requestCount() == begun);
        }
        for (int i = 0; i < CLIENTS; i++) {
            assertEquals("/" + i, clients.get(i).response().text());
            clients.get(i).close();
        }
        assertEquals(MOST, most.get());
    }

    @Test
    void newConnectionsWait() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (var peer = ScriptedUpstream.playing(this::work); var sluice = sluice(peer).start()) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(sluice.client());
            }
            ask(clients);
            Await.that("as many as there may be", () -> peer.requestCount() == MOST);
            try (var admin = RawClient.connect(sluice.port("admin"))) {
                String metrics = admin.get("/metrics").response().text();
                assertTrue(metrics.contains("\nsluice_accept_pauses_total 1.0\n"), metrics);
            }
            expectAll(clients, peer);
        }
    }

    @Test
    void requestsOnConnectionsThatAreThereWait() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (var peer = ScriptedUpstream.playing(this::work); var sluice = sluice(peer).start()) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(sluice.client());
                assertEquals("quick", clients.get(i).get("/quick").response().text());
            }
            ask(clients);
            Await.that("as many as there may be", () -> peer.requestCount() == MOST);
            expectAll(clients, peer);
        }
    }

    /** A peer that is another server of the same file would wait for those who wait for it. */
    @Test
    void requestsToOneselfDoNotWaitForThemselves() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (var sluice = RunningSluice.with("""
                [upstream itself]
                server = 127.0.0.1:@PORT:inner@
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /]
                proxy_pass = http://itself
                [server inner]
                listen = 127.0.0.1:@PORT:inner@
                [location inner /]
                return = 200 "inner"
                """).http("max_active_requests = 1").start()) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(sluice.client().get("/"));
            }
            for (RawClient client : clients) {
                assertEquals("inner", client.response().text());
                client.close();
            }
        }
    }
}
