package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/**
 * At max_active_requests a worker takes no further connections: they wait in the queue of the
 * kernel, and are served when no more requests than the low-water mark (7/8) are in progress.
 */
final class AcceptPauseIT {

    private static final int MOST = 16;
    private static final int WAITING = 5;
    /** State of a listening socket in /proc/net/tcp. */
    private static final String LISTENING = "0A";

    @Test
    void connectionsWaitInTheKernelAndNoneIsLost() throws Exception {
        var hold = new Semaphore(0);
        List<RawClient> clients = new ArrayList<>();
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        hold.acquire();
                        talk.answer(200, talk.target());
                    }
                });
                var sluice = RunningSluice.with("""
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        metrics = on
                        [location s /]
                        proxy_pass = http://%s
                        """.formatted(peer.address()))
                        .http("max_active_requests = " + MOST).start();
                var kept = sluice.client()) {
            assertEquals(0, pauses(kept), "and this connection is accepted");
            ask(sluice, clients, MOST);
            Await.that("requests in progress", () -> peer.requestCount() == MOST);
            ask(sluice, clients, WAITING);
            Await.that("the rest in the queue", () -> queued(sluice.port()) == WAITING);
            assertEquals(1, pauses(kept), "who is there already is served");

            hold.release(1);
            Await.that("an answer", () -> hold.availablePermits() == 0);
            assertEquals(1, pauses(kept));
            assertEquals(WAITING, queued(sluice.port()), "not yet below the mark");
            assertEquals(MOST, peer.requestCount());

            hold.release(1);
            Await.that("one of the queue", () -> peer.requestCount() > MOST);
            hold.release(MOST + WAITING);
            for (int i = 0; i < clients.size(); i++) {
                assertEquals("/" + i, clients.get(i).response().text());
            }
            assertEquals(0, queued(sluice.port()));
            assertTrue(pauses(kept) >= 1);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private static void ask(RunningSluice sluice, List<RawClient> clients, int count)
            throws IOException {
        for (int i = 0; i < count; i++) {
            RawClient client = sluice.client();
            clients.add(client);
            client.get("/" + (clients.size() - 1));
        }
    }

    private static int pauses(RawClient client) throws IOException {
        String name = "\nsluice_accept_pauses_total ";
        String metrics = client.get("/metrics").response().text();
        int at = metrics.indexOf(name) + name.length();
        return (int) Double.parseDouble(metrics.substring(at, metrics.indexOf('\n', at)));
    }

    /** Connections that nobody has accepted: the receive queue of a listening socket, proc(5). */
    private static int queued(int port) throws IOException {
        String local = ":%04X ".formatted(port);
        int count = 0;
        for (String line : Files.readAllLines(Path.of("/proc/net/tcp"))) {
            String[] words = line.strip().split(" +");
            if ((words[1] + " ").endsWith(local) && words[3].equals(LISTENING)) {
                count += Integer.parseInt(words[4].substring(words[4].indexOf(':') + 1), 16);
            }
        }
        return count;
    }
}
