package dev.sluice.common.ocsp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.identity.TrialPki;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Answers on their way from one worker to the others. */
class KnownAnswerTest {

    @Test
    void comesBackAsItWas() throws Exception {
        TrialPki pki = new TrialPki(Instant.parse("2026-11-26T00:00:00Z"));
        X509Certificate one = pki.device("01").certificate();
        KnownAnswer known = KnownAnswer.of(new byte[] {0x30, 1, 2}, 42, one);
        KnownAnswer back = KnownAnswer.of(known.packed());
        assertArrayEquals(known.der(), back.der());
        assertEquals(42, back.endsMs());
        assertTrue(back.isAbout(one));
        assertFalse(back.isAbout(pki.device("02").certificate()));
    }

    @Test
    void whatIsAResponseByItselfIsNone() {
        assertNull(KnownAnswer.of(new byte[0]));
        assertNull(KnownAnswer.of(new byte[KnownAnswer.HEAD_BYTES]));
        byte[] der = new byte[100];
        der[0] = 0x30;
        assertNull(KnownAnswer.of(der));
    }
}
