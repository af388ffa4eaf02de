package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Workers are killed while they write a thousand answers: what was stored is right or not there,
 * and what was half written goes. After a restart it is all there still.
 */
final class CacheCrashIT {

    private static final int ANSWERS = 1000;
    private static final int CLIENTS = 4;
    private static final int KILLS = 3;

    /** Of each length there are some: in memory, near its bounds, in files. */
    private static String body(int number) {
        int repeats = number % 7 == 0 ? 20_000 : number % 5 == 0 ? 4_000 : 100;
        return ("<" + number + ">").repeat(repeats);
    }

    private static ScriptedUpstream peer() throws IOException {
        return ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                String body = body(Integer.parseInt(talk.target().substring(1)));
                talk.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body);
            }
        });
    }

    @Test
    void nothingTornIsEverServed() throws Exception {
        try (var peer = peer(); var sluice = RunningSluice.with("""
                [cache pages]
                path = @DIR@/pages
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /]
                proxy_pass = http://%s
                proxy_cache = pages
                """.formatted(peer.address())).workers(2).start()) {
            fetchAllWhileWorkersDie(sluice);
            Await.that("two workers", () -> sluice.workerPids().size() == 2);
            long asked = peer.requestCount();
            List<String> wrong = new ArrayList<>();
            try (var client = sluice.client()) {
                for (int i = 0; i < ANSWERS; i++) {
                    Response answer = client.get("/" + i).response();
                    if (answer.status() != 200 || !answer.text().equals(body(i))) {
                        wrong.add(i + ": " + answer.status());
                    }
                }
            }
            assertEquals(List.of(), wrong);
            long again = peer.requestCount() - asked;
            assertTrue(again < ANSWERS / 2, again + " were not stored any more");
            Path unfinished = sluice.folder().resolve("pages/new");
            Await.that("no half file", () -> isEmpty(unfinished));
        }
    }

    /** Nobody has to wait as long as {@code proxy_cache_lock_timeout} for a dead worker. */
    @Test
    void whoWaitsForAKilledWorkerAsksInItsPlace() throws Exception {
        CountDownLatch killed = new CountDownLatch(1);
        try (var peer = ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                if (killed.getCount() > 0) {
                    killed.await();
                    return;
                }
                talk.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\n"
                        + "Content-Length: 4\r\n\r\nbody");
            }
        }); var sluice = RunningSluice.with("""
                [cache pages]
                path = @DIR@/pages
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /who]
                return = 200 $pid
                [location s /]
                proxy_pass = http://%s
                proxy_cache = pages
                proxy_cache_lock_timeout = 10m
                proxy_cache_lock_age = 10m
                """.formatted(peer.address())).workers(2).start()) {
            List<Long> workers = sluice.workerPids();
            try (var first = clientOf(sluice, workers.getFirst());
                    var second = clientOf(sluice, workers.getLast());
                    var third = clientOf(sluice, workers.getLast())) {
                first.get("/a");
                Await.that("the peer is asked", () -> peer.requestCount() == 1);
                second.get("/a");
                third.get("/a");
                Processes.signal(workers.getFirst(), "KILL");
                Await.that("the end of the worker", () -> !Processes.alive(workers.getFirst()));
                killed.countDown();
                assertEquals("body", second.response().text());
                assertEquals("body", third.response().text());
                assertEquals(2, peer.requestCount());
            }
        }
    }

    private static RawClient clientOf(RunningSluice sluice, long worker) throws IOException {
        while (true) {
            RawClient client = sluice.client();
            if (client.get("/who").response().text().equals(Long.toString(worker))) {
                return client;
            }
            client.close();
        }
    }

    private static boolean isEmpty(Path directory) {
        try (var files = Files.list(directory)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void fetchAllWhileWorkersDie(RunningSluice sluice) throws Exception {
        AtomicInteger next = new AtomicInteger();
        AtomicBoolean torn = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            threads.add(Thread.ofVirtual().start(() -> fetch(sluice, next, torn)));
        }
        for (int kill = 1; kill <= KILLS; kill++) {
            int at = kill * ANSWERS / (KILLS + 1);
            Await.that("answer " + at, () -> next.get() >= at);
            List<Long> workers = sluice.workerPids();
            Processes.signal(workers.get(kill % workers.size()), "KILL");
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(!torn.get(), "an answer with the right length had the wrong bytes");
    }

    private static void fetch(RunningSluice sluice, AtomicInteger next, AtomicBoolean torn) {
        int i = next.getAndIncrement();
        while (i < ANSWERS) {
            try (var client = sluice.client()) {
                Response answer = client.get("/" + i).response();
                torn.compareAndSet(false, !answer.text().equals(body(i)));
                i = next.getAndIncrement();
            } catch (IOException | AssertionError killed) {
                // Its worker has died: another one is asked.
            }
        }
    }
}
