package dev.sluice.worker.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Hooks that stand in one line with allow, deny and auth_request. */
final class ConditionsTest extends ScriptedServer {

    private static final String ANY = "satisfy = any\nallow = 10.0.0.0/8";

    private void step(long ms) {
        h.clock.stepMs(ms);
        h.ctx.clock.update();
        h.ctx.timers.advance(h.ctx.clock.nowNs());
    }

    @Test
    void whoIsRefusedGetsTheChallengeAndThePage() {
        with("asks");
        assertEquals(401, get().status());
        assertEquals("Scripted", h.client.header("www-authenticate"));
        assertTrue(h.client.body().contains("401 "), h.client.body());
        assertEquals(200, get("X-Pass: 1").status());
    }

    @Test
    void anyConditionSuffices() {
        withKeys("asks", ANY);
        assertEquals(401, get().status());
        assertEquals(200, get("X-Pass: 1").status());
        withKeys("asks", "satisfy = any\nallow = 192.0.2.0/24");
        assertEquals(200, get().status());
    }

    @Test
    void allConditionsAreAskedFor() {
        withKeys("asks", "allow = 10.0.0.0/8");
        assertEquals(403, get("X-Pass: 1").status());
    }

    @Test
    void whatFailsEndsItWhateverElseSuffices() {
        withKeys("asks", "satisfy = any\nauth_request = /other/a");
        assertEquals(500, get("X-Broken: 1").status());
    }

    @Test
    void aConditionMayDecideLater() throws Exception {
        withKeys("asks_later", ANY);
        assertEquals(401, getLater().status());
        assertEquals("Scripted", h.client.header("www-authenticate"));
        assertEquals(200, getLater("X-Pass: 1").status());
    }

    @Test
    void aConditionMayBlock() throws Exception {
        withKeys("asks_blocking", ANY);
        assertEquals(403, getLater().status());
        assertEquals(200, getLater("X-Pass: 1").status());
    }

    @Test
    void oneThatNeverDecidesHasFailedAfterItsTime() {
        with("asks_never");
        ask();
        assertEquals(0, h.client.status());
        step(2_000);
        assertEquals(500, h.client.finish().status());
    }

    @Test
    void whoeverLeavesIsNotWaitedFor() {
        with("asks_never");
        ask();
        h.client.hangUp();
        step(2_000);
        assertEquals(0, h.client.status());
    }

    @Test
    void whatCannotBeCarriedOutLetsNobodyIn() {
        with("asks_badly", "on_error = fail_open");
        assertEquals(500, get().status());
    }

    @Test
    void theBeginningOfABodyIsShownWhereNothingHasReadIt() {
        with("peeks");
        assertEquals("0 bytes", get().body());
        with("peeks_late");
        assertEquals(500, get().status());
        assertTrue(h.errors.getFirst().contains("the body is not to be had here"));
    }
}
