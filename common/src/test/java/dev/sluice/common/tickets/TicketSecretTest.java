package dev.sluice.common.tickets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Secrets follow each other in time. */
class TicketSecretTest {

    private static final long HOUR_MS = 3_600_000;
    private static final byte[] NAME = {'a'};

    @Test
    void shouldBeTheSameForAllWhoWalkToTheSameTime() {
        TicketSecret first = TicketSecret.random(HOUR_MS, 10 * HOUR_MS);
        TicketSecret other = TicketSecret.of(first.packed());
        for (int hour = 11; hour < 15; hour++) {
            other = other.at(hour * HOUR_MS + hour);
        }
        TicketSecret once = first.at(14 * HOUR_MS + 99);
        assertArrayEquals(once.packed(), other.packed());
        assertArrayEquals(once.derive(NAME, 48), other.derive(NAME, 48));
        assertEquals(14 * HOUR_MS, once.endsMs(), "it is that of the hour before");
    }

    @Test
    void shouldNotTellOfThePast() {
        TicketSecret first = TicketSecret.random(HOUR_MS, HOUR_MS);
        TicketSecret later = first.next();
        String before = HexFormat.of().formatHex(first.derive(NAME, 48));
        String after = HexFormat.of().formatHex(later.packed())
                + HexFormat.of().formatHex(later.derive(NAME, 48));
        assertFalse(after.contains(before.substring(0, 16)));
    }

    @Test
    void shouldDeriveOtherBytesForAnotherName() {
        TicketSecret secret = TicketSecret.random(HOUR_MS, HOUR_MS);
        byte[] one = secret.derive(NAME, 100);
        assertEquals(100, one.length);
        assertFalse(Arrays.equals(one, secret.derive(new byte[] {'b'}, 100)));
        assertFalse(Arrays.equals(Arrays.copyOf(one, 32), Arrays.copyOfRange(one, 32, 64)));
        assertArrayEquals(Arrays.copyOf(one, 48), secret.derive(NAME, 48));
    }

    @Test
    void shouldStayWhenTheClockGoesBackAndBeginAnewWhenItJumpsFar() {
        TicketSecret secret = TicketSecret.random(60_000, 1_000 * HOUR_MS);
        assertSame(secret, secret.at(HOUR_MS));
        TicketSecret far = secret.at(1_000_000 * HOUR_MS);
        assertEquals(1_000_000 * HOUR_MS, far.endsMs());
    }

    @Test
    void shouldHoldForEverWhenItComesFromAFile() {
        TicketSecret one = TicketSecret.lasting(new byte[48]);
        assertSame(one, one.at(Long.MAX_VALUE - 1));
        assertArrayEquals(one.derive(NAME, 48),
                TicketSecret.lasting(new byte[48]).derive(NAME, 48));
        assertFalse(Arrays.equals(one.derive(NAME, 48),
                TicketSecret.lasting(new byte[80]).derive(NAME, 48)));
    }

    @Test
    void shouldTakeNothingElseForASecret() {
        assertNull(TicketSecret.of(new byte[0]));
        assertNull(TicketSecret.of(new byte[48]));
        assertNull(TicketSecret.of(new byte[49]));
    }
}
