package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** max_conns is a limit of all workers together, through a reload and a worker that is killed. */
final class MaxConnsIT {

    private static final int MAX = 3;
    /** How long the peer works on a request: none ever gets a permit. */
    private static final long WORK_MS = 5;

    private final AtomicInteger working = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Semaphore never = new Semaphore(0);

    private void work(UpstreamTalk talk) throws Exception {
        while (talk.readRequest()) {
            most.accumulateAndGet(working.incrementAndGet(), Math::max);
            boolean permit = never.tryAcquire(WORK_MS, TimeUnit.MILLISECONDS);
            working.decrementAndGet();
            assertTrue(!permit, "nobody gives permits");
            talk.answer(200, "done");
        }
    }

    private static String config(ScriptedUpstream peer, int keepalive) {
        return """
                [upstream app]
                server = %s max_conns=%d
                queue = 100 timeout=30s
                keepalive = %d
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /]
                proxy_pass = http://app
                """.formatted(peer.address(), MAX, keepalive);
    }

    @Test
    void countsExactlyOverAllWorkers() throws Exception {
        try (var peer = ScriptedUpstream.playing(this::work);
                var sluice = RunningSluice.with(config(peer, 64)).workers(2).start();
                var load = new Load(sluice.port(), "/", 12, 50)) {
            load.awaitAnswers(300);
            assertEquals(MAX, most.get());

            sluice.writeConfiguration(config(peer, 65));
            sluice.signal("HUP");
            sluice.awaitErrorLog("generation 2 serves");
            load.awaitAnswers(300);
            assertEquals(MAX, most.get(), "two generations share the limit");
            assertEquals(List.of(), load.failures());

            Await.that("two workers", () -> sluice.workerPids().size() == 2);
            long killed = sluice.workerPids().getFirst();
            Processes.signal(killed, "KILL");
            Await.that("a replacement", () -> sluice.workerPids().size() == 2
                    && !sluice.workerPids().contains(killed));
            // What the dead worker had asked for is still worked on, and its places are free.
            load.awaitAnswers(100);
            most.set(0);
            load.awaitAnswers(300);
            assertEquals(MAX, most.get(), "no place is lost with a worker, and none won");
        }
    }

    /** Without a queue: 503 at once, and when it is worth to ask again. */
    @Test
    void refusesWhatIsAboveTheLimit() throws Exception {
        var hold = new Semaphore(0);
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        hold.acquire();
                        talk.answer(200, "done");
                    }
                });
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s max_conns=1
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        """.formatted(peer.address())).workers(2).start();
                var first = sluice.client()) {
            first.get("/");
            Await.that("a request under way", () -> peer.requestCount() == 1);
            for (int i = 0; i < 8; i++) {
                try (var other = sluice.client()) {
                    Response refused = other.get("/").response();
                    assertEquals(503, refused.status());
                    assertEquals("1", refused.field("Retry-After"));
                }
            }
            hold.release(100);
            assertEquals("done", first.response().text());
        }
    }

    /** One place and one that waits: the next is told at once, the one that waits in time. */
    @Test
    void whoWaitsTooLongOrFindsTheQueueFullIsTold() throws Exception {
        var hold = new Semaphore(0);
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        hold.acquire();
                        talk.answer(200, talk.target());
                    }
                });
                var sluice = RunningSluice.with("""
                        [upstream patient]
                        server = %1$s max_conns=1
                        queue = 1 timeout=1m
                        [upstream hasty]
                        server = %1$s max_conns=1
                        queue = 1 timeout=50ms
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /patient]
                        proxy_pass = http://patient
                        [location s /hasty]
                        proxy_pass = http://hasty
                        [log_format why]
                        format = $uri $status $upstream_error
                        """.formatted(peer.address())).accessLogFormat("why").start();
                var first = sluice.client();
                var second = sluice.client();
                var third = sluice.client();
                var hasty = sluice.client()) {
            first.get("/patient/1");
            Await.that("a request under way", () -> peer.requestCount() == 1);
            hasty.get("/hasty/1");
            Await.that("another", () -> peer.requestCount() == 2);
            try (var late = sluice.client()) {
                refused(late.get("/hasty/2").response());
            }
            second.get("/patient/2");
            third.get("/patient/2");
            Await.that("one of them finds the queue full",
                    () -> second.in().available() > 0 || third.in().available() > 0);
            RawClient told = second.in().available() > 0 ? second : third;
            refused(told.response());
            hold.release(100);
            assertEquals("/patient/1", first.response().text());
            assertEquals("/patient/2", (told == second ? third : second).response().text());
            assertEquals("/hasty/1", hasty.response().text());
            List<String> log = sluice.awaitAccessLog(5);
            assertTrue(log.contains("/hasty/2 503 upstream_queue_timeout"), log.toString());
            assertTrue(log.contains("/patient/2 503 upstream_queue_full"), log.toString());
        }
    }

    private static void refused(Response answer) {
        assertEquals(503, answer.status());
        assertEquals("1", answer.field("Retry-After"));
    }
}
