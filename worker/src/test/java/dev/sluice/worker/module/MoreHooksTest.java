package dev.sluice.worker.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.ModuleTotals;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.balance.Balancer;
import dev.sluice.worker.balance.Candidates;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.variables.Template;
import org.junit.jupiter.api.Test;

/** Hooks for bodies, errors and servers; variables, counters, and what is kept too long. */
final class MoreHooksTest extends ScriptedServer {

    @Test
    void aHeadWhoseHookFailsIsAsItWasBefore() {
        with("half");
        RecordingStream client = get();
        assertEquals("text/plain", client.header("content-type"));
        assertEquals(null, client.header("x-half"));
        assertEquals(1, h.ctx.counters.get(CounterId.MODULE_FAILURES));
    }

    @Test
    void variablesOfModulesAreKnownEverywhere() {
        with("variable");
        assertEquals("[</a/b> 192.0.2.7 abab ]", get().body());
        assertEquals("[ 192.0.2.7 abab ]", get("X-Bad: 1").body());
        assertEquals(1, h.ctx.counters.get(CounterId.MODULE_FAILURES));
        Exchange x = h.client.request("GET /a/b HTTP/1.1\nHost: www.example.com");
        h.onRequest(x);
        ByteSink out = h.scope.scratch();
        Template.compile("$mapped", h.scope).append(x, out);
        assertEquals("is_it".length(), out.position());
    }

    @Test
    void errorsAreAskedAbout() {
        with("errors");
        assertEquals(200, get("/missing/x", "X-Soft: 1").status());
        assertEquals("was 404", h.client.body());
        assertEquals(404, get("/missing/x", "A: b").status());
        with("error_again");
        assertEquals(405, get("/missing/x", "A: b").status());
    }

    @Test
    void bodiesOfAnswersPassInPieces() {
        with("upper");
        assertEquals("FILE /A/B?C=D BY WWW /!", get().body());
        assertEquals(ClientStream.LENGTH_UNKNOWN, h.client.contentLength());
        h.client.roomBytes = 5;
        assertEquals("FILE /A/B?C=D BY WWW /!", get().body());
    }

    @Test
    void oneHookGetsWhatTheOneBeforeHasWritten() {
        with("twofold");
        assertEquals("44 bytes", get().body());
    }

    @Test
    void aBodyThatIsTooLongForAHookIsItsFailure() throws Exception {
        with("whole_small", "on_error = fail_open");
        assertEquals("file /a/b?c=d by www /", get().body());
        assertEquals(1, h.ctx.counters.get(CounterId.MODULE_FAILURES));
        with("whole_small");
        assertEquals(500, getLater().status());
    }

    @Test
    void aHookForBodiesThatThrowsLeavesThemAloneWithFailOpen() {
        with("body_throws", "on_error = fail_open");
        assertEquals("file /a/b?c=d by www /", get().body());
    }

    @Test
    void aHookThatThrowsAtOnceIsAnsweredAndOneThatThrowsLaterCutsTheExchange() throws Exception {
        with("body_throws");
        RecordingStream client = getLater();
        assertEquals(500, client.status());
        assertTrue(client.body().contains("500 Internal Server Error"), client.body());
        assertEquals(1, client.headLines().stream()
                .filter(line -> line.startsWith("Content-Type")).count());
        with("body_throws", "on_error = unavailable");
        assertEquals(503, getLater().status());
        with("body_throws_at_end");
        ask();
        assertEquals(1, mail.size());
        mail.poll().run();
        assertEquals(Termination.WORKER_MODULE_ABORT, h.client.aborted());
        assertEquals("file /a/b?c=d by www /", h.client.body());
    }

    /** The one that fails is behind one whose output it would have been. */
    @Test
    void theHeadWaitsForTheLastOfTheHooks() throws Exception {
        with("throws_behind_whole");
        assertEquals(500, getLater().status());
        with("swallows");
        assertEquals("", get().body());
        assertEquals(200, h.client.status());
    }

    @Test
    void anOutputThatIsKeptTakesNothingLater() {
        with("output_kept", "on_error = fail_open");
        assertEquals("file /a/b?c=d by www /", get().body());
        get();
        assertTrue(h.errors.stream().anyMatch(line -> line.contains("an output is used outside")),
                h.errors::toString);
    }

    @Test
    void aRequestWithoutABodyIsAskedAboutToo() {
        with("request_whole");
        assertEquals("0 bytes", get().body());
    }

    @Test
    void aViewThatIsKeptShowsNothingOfTheNextRequest() {
        with("kept_across");
        assertEquals(200, get().status());
        assertEquals(500, get().status());
        assertTrue(h.errors.stream().anyMatch(line -> line.contains(
                "an exchange is used outside of the hook")), h.errors::toString);
    }

    @Test
    void aServerIsAskedBeforeItsLocations() {
        with("server_first");
        assertEquals("file /other/old/x by www /other/", get("/old/x", "A: b").body());
        assertEquals("file /a by www /", get("/a", "A: b").body());
        assertTrue(assertThrows(Modules.Unusable.class, () -> with("post_read")).getMessage()
                .contains("POST_READ is of a server"));
    }

    @Test
    void whatModulesDoIsCountedByPhase() {
        with("counts");
        get("/a", "A: b");
        get();
        with("throw");
        get();
        assertEquals(1, total(ModuleTotals.name(ModuleTotals.Of.FAILED, "scripted", "access")));
        with("counts");
        get("/a", "A: b");
        get();
        assertEquals(2, total(ModuleTotals.name(ModuleTotals.Of.CALLS, "scripted", "access")));
        assertEquals(1, total(ModuleTotals.name(ModuleTotals.Of.ANSWERED, "scripted", "access")));
        assertEquals(4, total("own/scripted/seen"));
    }

    @Test
    void aBalancerThatFailsLeavesTheChoiceToTheLeastBusyPeer() {
        with("next");
        Balancer balancer = modules.balancer("scripted_last", "u");
        Candidates three = new Three();
        assertEquals(2, balancer.pick(three, 0));
        assertEquals(0, balancer.pick(three, 13));
        assertEquals(0, balancer.pick(three, 14));
        assertEquals(2, h.ctx.counters.get(CounterId.MODULE_FAILURES));
        assertEquals(null, modules.balancer("other", "u"));
    }

    private static final class Three implements Candidates {
        @Override
        public int count() {
            return 3;
        }

        @Override
        public int weight(int index) {
            return 1;
        }

        @Override
        public int inFlight(int index) {
            return index;
        }

        @Override
        public long latencyNs(int index) {
            return 0;
        }

        @Override
        public String name(int index) {
            return "peer" + index;
        }

        @Override
        public boolean usable(int index) {
            return true;
        }
    }

    private long total(String name) {
        int index = h.ctx.counters.labels().named().indexOf(name);
        return h.ctx.counters.values().named(index);
    }
}
