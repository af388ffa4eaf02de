package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.RetryConfig;
import dev.sluice.common.config.RetryConfig.RetryOn;
import dev.sluice.common.counters.Termination;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryRuleTest {

    private static RetryRule rule(Set<RetryOn> on, int tries) {
        return new RetryRule(new RetryConfig(on, tries, 20), 16);
    }

    /** Every combination of facts: repeatable are those without harm, and only those. */
    @Test
    void repeatsOnlyWhatCannotTakeEffectTwice() {
        for (int facts = 0; facts < 32; facts++) {
            boolean begun = (facts & RetryRule.RESPONSE_BEGUN) != 0;
            boolean sent = (facts & RetryRule.REQUEST_SENT) != 0;
            boolean idempotent = (facts & RetryRule.IDEMPOTENT) != 0;
            boolean gone = (facts & RetryRule.BODY_GONE) != 0;
            assertEquals(!begun && !gone && (!sent || idempotent), RetryRule.mayRepeat(facts),
                    "facts " + facts);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UPSTREAM_REFUSED, ERROR, 502", "UPSTREAM_UNREACHABLE, ERROR, 502",
        "UPSTREAM_RESET_BEFORE_HEAD, ERROR, 502", "UPSTREAM_CLOSED_BEFORE_HEAD, ERROR, 502",
        "UPSTREAM_BAD_HEAD, ERROR, 502", "UPSTREAM_HEAD_TOO_LARGE, ERROR, 502",
        "UPSTREAM_CONNECT_TIMEOUT, TIMEOUT, 504", "UPSTREAM_SEND_TIMEOUT, TIMEOUT, 504",
        "UPSTREAM_READ_TIMEOUT, TIMEOUT, 504"
    })
    void conditionsAreWhatTheFileSays(Termination why, RetryOn on, int status) {
        assertEquals(status, why.status());
        assertTrue(rule(EnumSet.of(on), 2).mayRetry(why, 0, 1));
        assertFalse(rule(EnumSet.complementOf(EnumSet.of(on)), 2).mayRetry(why, 0, 1));
    }

    @Test
    void whatIsNoPeersFaultIsNotRetried() {
        RetryRule all = rule(EnumSet.allOf(RetryOn.class), 9);
        for (Termination why : EnumSet.of(Termination.UPSTREAM_NONE_USABLE,
                Termination.WORKER_OVERLOAD, Termination.CLIENT_CLOSED)) {
            assertFalse(all.mayRetry(why, 0, 0), why::label);
        }
        assertEquals(503, Termination.UPSTREAM_NONE_USABLE.status());
    }

    @Test
    void triesAreBoundedButStaleConnectionsAreFree() {
        RetryRule rule = rule(EnumSet.of(RetryOn.ERROR), 2);
        assertTrue(rule.mayRetry(Termination.UPSTREAM_REFUSED, 0, 1));
        assertFalse(rule.mayRetry(Termination.UPSTREAM_REFUSED, 0, 2));
        assertFalse(rule(EnumSet.of(RetryOn.ERROR), 1).mayRetry(
                Termination.UPSTREAM_REFUSED, 0, 1));
    }

    @ParameterizedTest
    @CsvSource({"502, HTTP_502", "503, HTTP_503", "504, HTTP_504"})
    void statuses(int status, RetryOn on) {
        assertTrue(rule(EnumSet.of(on), 2).isFailure(status));
        assertFalse(rule(EnumSet.complementOf(EnumSet.of(on)), 2).isFailure(status));
        assertFalse(rule(EnumSet.allOf(RetryOn.class), 2).isFailure(500));
        assertTrue(rule(EnumSet.of(on), 2).mayRetryStatus(RetryRule.IDEMPOTENT, 1));
        assertFalse(rule(EnumSet.of(on), 2).mayRetryStatus(RetryRule.IDEMPOTENT, 2));
        assertFalse(rule(EnumSet.of(on), 2).mayRetryStatus(RetryRule.REQUEST_SENT, 1));
    }
}
