package dev.sluice.master.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a canary is worse. */
class CanaryVerdictTest {

    private static final long MS = 1_000_000;

    private static CanarySample answers(long requests, long serverErrors) {
        CanarySample sample = new CanarySample();
        sample.addAnswers(requests, serverErrors);
        return sample;
    }

    @ParameterizedTest
    @CsvSource({
        // old requests, 5xx; canary requests, 5xx; worse
        "0, 0, 0, 0, false",
        "1000, 0, 0, 0, false",
        "1000, 0, 19, 19, false",
        "1000, 0, 20, 2, false",
        "1000, 0, 20, 3, true",
        "1000, 0, 1000, 10, false",
        "1000, 0, 1000, 11, true",
        "1000, 500, 1000, 510, false",
        "1000, 500, 1000, 511, true",
        "1000, 1000, 1000, 1000, false",
        "0, 0, 100, 3, true",
    })
    void shareOfServerErrors(
            long oldRequests, long oldErrors, long requests, long errors, boolean worse) {
        String why = CanaryVerdict.worse(
                answers(oldRequests, oldErrors), answers(requests, errors));
        assertEquals(worse, why != null, why);
    }

    @Test
    void theReasonSaysBothShares() {
        assertEquals("5xx 50.0 % of 200 requests, old 1.0 % of 100",
                CanaryVerdict.worse(answers(100, 1), answers(200, 100)));
    }

    @ParameterizedTest
    @CsvSource({
        // how exchanges of the canary ended, how many of 1000; worse
        "done, 1000, false",
        "client_reset, 1000, false",
        "client_head_timeout, 500, false",
        "upstream_refused, 10, false",
        "upstream_refused, 11, true",
        "file_error, 11, true",
        "worker_overload, 11, true",
        "worker_error, 1, true",
        "of_a_later_version, 900, false",
    })
    void reasonsOfEnds(String label, long count, boolean worse) {
        CanarySample fresh = answers(1000, 0);
        fresh.addEnds(label, count);
        String why = CanaryVerdict.worse(answers(1000, 0), fresh);
        assertEquals(worse, why != null, why);
    }

    @Test
    void bugsOfBothAreNoReason() {
        CanarySample old = answers(1000, 0);
        CanarySample fresh = answers(1000, 0);
        old.addEnds("worker_error", 1);
        fresh.addEnds("worker_error", 2);
        assertNull(CanaryVerdict.worse(old, fresh));
    }

    private static CanarySample times(long count, long usualMs, long slowest, long slowMs) {
        CanarySample sample = new CanarySample();
        sample.addAnswers(count, 0);
        sample.addTimes(usualMs * MS, count - slowest);
        sample.addTimes(slowMs * MS, slowest);
        return sample;
    }

    @ParameterizedTest
    @CsvSource({
        // each of 1000, ten of which are the hundredth part; the slow ones in ms: old, canary
        "1000, 10, 1, 10, 1, false",
        "1000, 20, 1, 20, 900, true",
        "1000, 20, 1, 5, 900, false",
        "1000, 20, 10, 20, 15, false",
        "1000, 20, 10, 20, 25, false",
        "1000, 20, 10, 20, 45, true",
        "1000, 20, 3, 20, 9, false",
        "199, 20, 1, 20, 900, false",
        "200, 20, 1, 20, 900, true",
    })
    void slowestOfAHundred(
            long count, long oldSlow, long oldMs, long slow, long slowMs, boolean worse) {
        String why = CanaryVerdict.worse(
                times(count, 1, oldSlow, oldMs), times(count, 1, slow, slowMs));
        assertEquals(worse, why != null, why);
    }

    @Test
    void oneBucketIsNotTellingEnough() {
        CanarySample old = times(1000, 11, 0, 0);
        assertNull(CanaryVerdict.worse(old, times(1000, 29, 0, 0)));
        assertEquals("p99 over 50.0 ms, old at most 20.0 ms",
                CanaryVerdict.worse(old, times(1000, 60, 0, 0)));
    }
}
