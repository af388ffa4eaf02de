package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A client that stops reading stops the peer, not the worker, and costs it one slab or two. */
final class SlowReaderIT {

    private static final int MEGABYTES = 256;

    @Test
    void peerIsHeldBackAndNothingIsLost() throws Exception {
        var sentBytes = new AtomicLong();
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.send("HTTP/1.1 200 OK\r\nContent-Length: " + (MEGABYTES << 20)
                            + "\r\n\r\n");
                    byte[] piece = new byte[1 << 16];
                    for (int i = 0; i < MEGABYTES << 4; i++) {
                        java.util.Arrays.fill(piece, (byte) i);
                        talk.send(piece);
                        sentBytes.addAndGet(piece.length);
                    }
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = RawClient.connect(sluice.port(), 32 * 1024)) {
            long worker = sluice.workerPids().getFirst();
            long beforeKb = Processes.anonymousKb(worker);
            client.get("/big");
            assertEquals(200, client.responseHead().status());
            awaitStandstill(sentBytes);
            assertTrue(sentBytes.get() < (MEGABYTES << 20) / 2,
                    "the peer could send " + sentBytes);
            // Compilers take some megabytes of a young worker; a buffered body would take all.
            assertTrue(Processes.anonymousKb(worker) - beforeKb < 24 * 1024,
                    "memory grew");
            for (int i = 0; i < MEGABYTES << 4; i++) {
                byte[] piece = client.readExactly(1 << 16);
                assertEquals((byte) i, piece[0]);
                assertEquals((byte) i, piece[piece.length - 1]);
            }
        }
    }

    private static void awaitStandstill(AtomicLong counter) {
        long[] last = {-1, Await.nowNs()};
        Await.that("a standstill of the peer", () -> {
            if (counter.get() != last[0]) {
                last[0] = counter.get();
                last[1] = Await.nowNs();
            }
            return last[0] > 0 && Await.millisecondsSince(last[1]) > 400;
        });
    }

    @Test
    void stalledReaderIsCutAtTheSendTimeout() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                send_timeout = 1s
                [log_format why]
                format = $request $termination
                """).accessLogFormat("why").file("www/big", new byte[32 << 20]).start();
                var client = RawClient.connect(sluice.port(), 16 * 1024)) {
            client.get("/big");
            client.responseHead();
            String line = sluice.awaitAccessLog(1).getFirst();
            assertEquals("GET /big HTTP/1.1 client_send_timeout", line);
        }
    }
}
