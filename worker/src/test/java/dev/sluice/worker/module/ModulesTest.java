package dev.sluice.worker.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.RecordingStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Hooks of a module in the way of requests, good ones and bad ones. */
final class ModulesTest extends ScriptedServer {

    @Test
    void nextGoesOn() {
        with("next");
        assertEquals("file /a/b?c=d by www /", get().body());
    }

    @Test
    void aHookReadsFieldsAndAnswersWithAPage() {
        with("deny");
        assertEquals(403, get().status());
        assertEquals(200, get("x-pass: 1").status());
    }

    @Test
    void anAnswerHasItsFieldsAndBody() {
        with("greet", "greeting = good day");
        RecordingStream client = get();
        assertEquals("good day", client.body());
        assertEquals("c=d", client.header("x-query"));
        assertEquals("text/plain", client.header("content-type"));
    }

    @Test
    void redirectsAreMadeAbsolute() {
        with("redirect");
        assertEquals("http://www.example.com/there", get().header("location"));
        assertEquals(302, h.client.status());
    }

    @Test
    void rerouteServesAnotherPath() {
        with("reroute");
        assertEquals("file /other/a?q=1 by www /other/", get().body());
    }

    @Test
    void aPathThatCannotBeIsAFailureOfTheHook() {
        with("reroute_badly");
        assertEquals(500, get().status());
        assertEquals(1, h.ctx.counters.get(CounterId.MODULE_FAILURES));
    }

    @Test
    void abortSaysNothing() {
        with("abort");
        get();
        assertEquals(Termination.WORKER_MODULE_ABORT, h.client.aborted());
    }

    @Test
    void whatThrowsIsAnsweredAsOnErrorSays() {
        with("throw");
        assertEquals(500, get().status());
        with("throw", "on_error = unavailable");
        assertEquals(503, get().status());
        with("throw", "on_error = fail_open");
        assertEquals(200, get().status());
        assertTrue(h.errors.getFirst().contains("module scripted (access) has failed: "
                + "java.lang.IllegalStateException: no luck"), h.errors::toString);
    }

    @Test
    void noVerdictAndNoStackLeftAreFailures() {
        with("null");
        assertEquals(500, get().status());
        with("overflow");
        assertEquals(500, get().status());
    }

    @Test
    void tenFailuresOpenTheBreakerForTenSeconds() {
        with("throw");
        for (int i = 0; i < 12; i++) {
            assertEquals(500, get().status());
        }
        assertEquals(10, h.ctx.counters.get(CounterId.MODULE_FAILURES));
        step(9_999);
        get();
        assertEquals(10, h.ctx.counters.get(CounterId.MODULE_FAILURES));
        step(1);
        get();
        assertEquals(11, h.ctx.counters.get(CounterId.MODULE_FAILURES));
    }

    private void step(long ms) {
        h.clock.stepMs(ms);
        h.ctx.clock.update();
    }

    @Test
    void aSuspendedHookDecidesOnTheLoop() throws Exception {
        with("later");
        assertEquals(401, getLater().status());
        assertEquals(200, getLater("X-Pass: 1").status());
    }

    @Test
    void aStageThatFailsIsAFailure() throws Exception {
        with("fails_later");
        assertEquals(500, getLater().status());
    }

    @Test
    void aStageIsTakenOnce() throws Exception {
        with("twice");
        assertEquals("once", getLater().body());
        assertTrue(mail.isEmpty());
    }

    @Test
    void aStageThatNeverCompletesIsAFailureAfterItsTime() {
        with("never");
        ask();
        assertEquals(0, h.client.status());
        step(2_000);
        h.ctx.timers.advance(h.ctx.clock.nowNs());
        assertEquals(500, h.client.finish().status());
    }

    @Test
    void whoeverLeavesIsNotWaitedFor() {
        with("never");
        ask();
        h.client.hangUp();
        step(2_000);
        h.ctx.timers.advance(h.ctx.clock.nowNs());
        assertEquals(0, h.client.status());
    }

    @Test
    void blockingHooksRunOnVirtualThreads() throws Exception {
        with("blocking");
        assertEquals("GET www.example.com on virtual", getLater().body());
    }

    @Test
    void aBlockingHookThatThrowsIsAFailure() throws Exception {
        with("blocking_throws");
        assertEquals(500, getLater().status());
    }

    @Test
    void aBlockingHookIsInterruptedAfterItsTime() throws Exception {
        with("blocking_late", "timeout = 1s", "on_error = unavailable");
        ask();
        step(2_000);
        h.ctx.timers.advance(h.ctx.clock.nowNs());
        assertEquals(503, h.client.finish().status());
        // Its thread ends, which counts for max_concurrent.
        mail.poll(10, TimeUnit.SECONDS).run();
    }

    @Test
    void moreBlockingHooksThanMayRunAreFailures() throws Exception {
        with("blocking_late", "max_concurrent = 1", "timeout = 1s", "on_error = fail_open");
        ask();
        h.client.hangUp();
        assertEquals(200, get().status());
        mail.poll(10, TimeUnit.SECONDS).run();
        assertEquals(1, h.ctx.counters.get(CounterId.MODULE_FAILURES));
    }

    @Test
    void slotsAreOfOneRequest() {
        with("kept");
        assertEquals("of /a/b 192.0.2.7 asks www.example.com", get().body());
        assertEquals("of /a/b 192.0.2.7 asks www.example.com", get().body());
    }

    @Test
    void headsAreChanged() {
        with("heads", "greeting = ave");
        RecordingStream client = get();
        assertEquals("[X-Greeting: ave, X-Greeting: 200]", client.headLines().stream()
                .filter(line -> line.startsWith("X-Greeting")).toList().toString());
    }

    @Test
    void framingAndSplittingAreRefused() {
        with("framing");
        assertEquals("file /a/b?c=d by www /", get().body());
        assertTrue(h.errors.getFirst().contains("Content-Length is not a module's to change"));
        with("split");
        get();
        assertEquals(null, h.client.header("x-b"));
    }

    @Test
    void aLoopThatIsHeldUpIsTold() throws Exception {
        with("stall");
        modules.start();
        Thread stalled = Thread.currentThread();
        // It stays in the hook until it has been noticed, however long that takes.
        Thread.ofPlatform().daemon().start(() -> {
            while (h.errors.stream().noneMatch(line -> line.contains("ScriptedModule"))) {
                LockSupport.parkNanos(1_000_000);
            }
            stalled.interrupt();
        });
        get();
        assertTrue(h.errors.stream().anyMatch(line -> line.contains(
                "module scripted (access) holds up the worker for more than 20 ms")),
                h.errors::toString);
        assertTrue(h.errors.stream().anyMatch(line -> line.contains("ScriptedModule")));
        modules.close();
    }

    @Test
    void whatCannotBeOpenedOrInstalledIsOneLine() {
        assertTrue(assertThrows(Modules.Unusable.class, () -> with("next", "greeting = bad"))
                .getMessage().endsWith(
                        "the greeting is bad, greet otherwise; sluice -t tells where"));
        assertTrue(assertThrows(Modules.Unusable.class, () -> with("uninstallable"))
                .getMessage().contains("module scripted 1.2.3: [location www /]: not in /;"));
    }
}
