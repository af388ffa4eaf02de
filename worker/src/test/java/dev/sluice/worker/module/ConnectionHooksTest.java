package dev.sluice.worker.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.CounterId;
import dev.sluice.worker.exchange.ClientCertificate;
import dev.sluice.worker.exchange.TlsFacts;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;

/** What modules say of connections and certificates, and what holds when they fail. */
final class ConnectionHooksTest extends ScriptedServer {

    private static final int FORBIDDEN = 403;

    private ConnectionHooks door(String does, String... ofModule) {
        String[] keys = new String[ofModule.length + 1];
        System.arraycopy(ofModule, 0, keys, 1, ofModule.length);
        keys[0] = "greeting = at the door: " + does;
        with("next", keys);
        return modules.connectionHooks(config);
    }

    /** A client whose certificate begins with this byte. */
    private static TlsFacts peer(int first) {
        return new TlsFacts(0, "TLSv1.3", "", "a.test", false, new ClientCertificate(
                new X509Certificate[1], new byte[][] {{(byte) first}}, "SUCCESS"), 0);
    }

    /** An address in Netty's form: how long it is, its bytes, its port. */
    private static byte[] address(int last) {
        return new byte[] {8, (byte) 192, 0, 2, (byte) last, 0, 0, 0, 99};
    }

    @Test
    void nobodyIsAskedWithoutAHook() {
        with("next");
        assertNull(modules.connectionHooks(config));
    }

    @Test
    void aCertificateIsAdmittedForbiddenOrClosed() {
        ConnectionHooks door = door("look");
        TlsFacts good = peer(1);
        assertSame(good, door.judge(good));
        assertEquals(FORBIDDEN, door.judge(peer(2)).refusal());
        assertNull(door("close").judge(good));
    }

    @Test
    void whoHasShownNothingIsNotAskedAbout() {
        TlsFacts nobody = new TlsFacts(0, "TLSv1.3", "", "", false, null, 0);
        assertSame(nobody, door("throw").judge(nobody));
    }

    @Test
    void aHookThatThrowsForbidsUnlessItMayFailOpen() {
        for (String closed : new String[] {"fail_closed", "unavailable"}) {
            assertEquals(FORBIDDEN,
                    door("throw", "on_error = " + closed).judge(peer(1)).refusal(), closed);
            assertEquals(1, h.ctx.counters.get(CounterId.MODULE_FAILURES));
            assertTrue(h.errors.getFirst().contains("module scripted (tls_peer) has failed: "
                    + "java.lang.IllegalStateException: no luck"), h.errors::toString);
        }
        TlsFacts good = peer(1);
        assertSame(good, door("throw", "on_error = fail_open").judge(good));
        assertEquals(1, h.ctx.counters.get(CounterId.MODULE_FAILURES));
    }

    @Test
    void noAnswerIsAFailure() {
        assertEquals(FORBIDDEN, door("null").judge(peer(1)).refusal());
    }

    @Test
    void theBreakerHoldsForCertificatesToo() {
        ConnectionHooks door = door("throw");
        for (int i = 0; i < 12; i++) {
            assertEquals(FORBIDDEN, door.judge(peer(1)).refusal());
        }
        assertEquals(Guard.FAILURES_MAX, h.ctx.counters.get(CounterId.MODULE_FAILURES));
    }

    @Test
    void aConnectionIsAdmittedOrNot() {
        ConnectionHooks door = door("look");
        assertTrue(door.admit(address(7), 0));
        assertFalse(door.admit(address(8), 0));
        assertFalse(door("throw").admit(address(7), 0));
        assertTrue(door("throw", "on_error = fail_open").admit(address(7), 0));
    }
}
