package dev.sluice.worker.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.upstream.CheckWord.State;
import org.junit.jupiter.api.Test;

/** Rise 2 and fall 3; + is a check that has passed, - one that has failed. */
class CheckWordTest {

    private static long after(long word, String checks) {
        long now = word;
        for (char check : checks.toCharArray()) {
            now = CheckWord.after(now, check == '+', 2, 3);
        }
        return now;
    }

    private static State state(String checks) {
        return CheckWord.state(after(0, checks));
    }

    @Test
    void changesAfterAsManyChecksInARow() {
        assertEquals(State.UNKNOWN, state("+"));
        assertEquals(State.UP, state("++"));
        assertEquals(State.UNKNOWN, state("--"));
        assertEquals(State.DOWN, state("---"));
        assertEquals(State.UP, state("++--"));
        assertEquals(State.DOWN, state("++---"));
        assertEquals(State.DOWN, state("---+"));
        assertEquals(State.UP, state("---++"));
    }

    @Test
    void oneCheckToTheContraryBeginsAnew() {
        assertEquals(State.UP, state("++--+--"));
        assertEquals(State.DOWN, state("---+-+"));
        assertEquals(State.UNKNOWN, state("--+--+--"));
        assertEquals(State.UNKNOWN, state("+-+-+-"));
    }

    @Test
    void onlyWhatIsMandatoryWaitsForItsFirstChecks() {
        assertTrue(CheckWord.allows(0, false));
        assertFalse(CheckWord.allows(0, true));
        assertTrue(CheckWord.allows(after(0, "++"), true));
        assertFalse(CheckWord.allows(after(0, "---"), false));
    }
}
