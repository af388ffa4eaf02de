package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.HealthCheckConfig;
import dev.sluice.common.config.HealthCheckConfig.StatusRange;
import dev.sluice.common.counters.PeerCounterId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Active checks with peers on the wire and a stepped clock: interval 5 s, rise 2, fall 3. */
class ProxyChecksTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BAD = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";

    private final ScriptedPeer peer = new ScriptedPeer();
    private final ProxyHarness harness = new ProxyHarness();

    @AfterEach
    void stop() throws Exception {
        harness.assertQuiet();
        harness.stop();
        peer.close();
    }

    private static String check(boolean tcp, String body, boolean mandatory) {
        return (tcp ? "type=tcp" : "/healthz") + " jitter=0" + (body == null ? "" : " body=" + body)
                + (mandatory ? " mandatory" : "");
    }

    private void start(String check) throws Exception {
        harness.upstream("health_check", check);
        harness.peer(peer).start();
        harness.run(() -> harness.upstreams.checks().start());
    }

    private boolean serving() throws Exception {
        return harness.onLoop(() -> harness.upstreams.upstream("app").peers().getFirst()
                .isServing());
    }

    private long checks() throws Exception {
        return harness.count(0, PeerCounterId.CHECKS);
    }

    /** Lets the next check begin and waits until it is over. */
    private void nextCheck(long stepMs) throws Exception {
        long before = checks();
        harness.step(stepMs);
        harness.until(() -> harness.counters.peer(0).get(PeerCounterId.CHECKS) > before);
    }

    private void serveChecks(String... answers) {
        peer.script(p -> {
            for (String answer : answers) {
                p.serve(answer);
                p.readToEnd();
            }
        });
    }

    @Test
    void fallsAndRises() throws Exception {
        serveChecks(BAD, BAD, BAD, OK, OK);
        start(check(false, null, false));
        assertTrue(serving());
        nextCheck(100);
        nextCheck(5_100);
        assertTrue(serving());
        nextCheck(5_100);
        assertFalse(serving());
        assertEquals(1, harness.count(0, PeerCounterId.CHECKED_DOWN));
        nextCheck(5_100);
        assertFalse(serving());
        nextCheck(5_100);
        assertTrue(serving());
        assertEquals(0, harness.count(0, PeerCounterId.CHECKED_DOWN));
        assertEquals(5, checks());
        assertEquals(3, harness.count(0, PeerCounterId.CHECK_FAILURES));
        String subject = "peer 127.0.0.1:" + peer.port() + " of upstream app";
        assertEquals(List.of(
                "warn " + subject + " is down after 3 failed health checks: status 500",
                "notice " + subject + " is up after 2 health checks"), List.copyOf(harness.logged));
        // Checks are no traffic of clients.
        for (PeerCounterId id : new PeerCounterId[] {PeerCounterId.REQUESTS,
            PeerCounterId.CONNECTS, PeerCounterId.BYTES_SENT, PeerCounterId.FAILURES}) {
            assertEquals(0, harness.count(0, id), id.name());
        }
    }

    @Test
    void whatIsAsked() throws Exception {
        String[] head = new String[1];
        peer.script(p -> head[0] = p.serve(OK));
        start(check(false, "ok", false));
        nextCheck(100);
        peer.join();
        assertEquals("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:" + peer.port()
                + "\r\nUser-Agent: sluice-health-check\r\nConnection: close\r\n\r\n", head[0]);
        assertEquals(0, harness.count(0, PeerCounterId.CHECK_FAILURES));
    }

    @Test
    void silentPeerAndTrickleEndAtTheTimeout() throws Exception {
        peer.script(p -> {
            p.accept();
            p.readToEnd();
            p.accept();
            p.readHead();
            p.send("HTTP/1.1 200 OK\r\n");
            p.readToEnd();
        });
        start(check(false, null, false));
        harness.step(100);
        harness.until(() -> peer.connectionCount == 1);
        harness.step(2_800);
        assertEquals(0, checks());
        nextCheck(300);
        harness.step(5_100);
        harness.until(() -> peer.connectionCount == 2);
        harness.step(2_800);
        nextCheck(300);
        peer.join();
        assertEquals(2, harness.count(0, PeerCounterId.CHECK_FAILURES));
    }

    @Test
    void refusedAndReset() throws Exception {
        peer.script(p -> {
            p.accept();
            p.readHead();
            p.reset();
        });
        start(check(false, null, false));
        nextCheck(100);
        peer.join();
        peer.stopListening();
        nextCheck(5_100);
        nextCheck(5_100);
        assertEquals(3, harness.count(0, PeerCounterId.CHECK_FAILURES));
        assertFalse(serving());
        assertTrue(harness.logged.peek().contains("connection refused"), harness.logged::toString);
    }

    @Test
    void tcpOnlyConnects() throws Exception {
        peer.script(p -> {
            p.accept();
            assertEquals("", p.readToEnd());
        });
        start(check(true, null, false));
        nextCheck(100);
        peer.join();
        assertEquals(0, harness.count(0, PeerCounterId.CHECK_FAILURES));
    }

    @Test
    void mandatoryWaitsForItsFirstChecks() throws Exception {
        serveChecks(OK, OK);
        start(check(false, null, true));
        assertFalse(serving());
        nextCheck(100);
        assertFalse(serving());
        nextCheck(5_100);
        assertTrue(serving());
    }

    @Test
    void oneWorkerChecksForAllAndAnotherFollowsIt() throws Exception {
        ProxyHarness other = new ProxyHarness();
        harness.peer(peer);
        other.peer(peer);
        harness.shareWith(other);
        serveChecks(BAD, BAD, BAD, OK);
        start2(other);
        assertTrue(making(harness));
        assertFalse(making(other));
        for (int i = 0; i < 3; i++) {
            long before = checks();
            stepBoth(other, i == 0 ? 600 : 900);
            for (int j = 0; j < 5 && i > 0; j++) {
                stepBoth(other, 900);
            }
            harness.until(() -> harness.counters.peer(0).get(PeerCounterId.CHECKS) > before);
        }
        assertFalse(serving());
        // The other worker has not asked, and knows.
        assertFalse(other.onLoop(() -> other.upstreams.upstream("app").peers().getFirst()
                .isServing()));
        assertEquals(0, other.count(0, PeerCounterId.CHECKS));
        // The first stands still, as if it had died: its lease runs out.
        for (int i = 0; i < 6; i++) {
            other.step(900);
        }
        assertTrue(making(other));
        other.until(() -> other.counters.peer(0).get(PeerCounterId.CHECKS) == 1);
        // It comes back to find that it was followed.
        for (int i = 0; i < 6; i++) {
            harness.step(900);
        }
        assertFalse(making(harness));
        // Who drains lets the lease go at once.
        other.run(() -> other.upstreams.checks().stop());
        harness.step(1_100);
        assertTrue(making(harness));
        other.stop();
    }

    private void start2(ProxyHarness other) throws Exception {
        for (ProxyHarness one : List.of(harness, other)) {
            one.upstream("health_check", check(false, null, false));
            one.start();
            one.run(() -> one.upstreams.checks().start());
        }
    }

    private void stepBoth(ProxyHarness other, long ms) throws Exception {
        harness.step(ms);
        other.step(ms);
    }

    private static boolean making(ProxyHarness one) throws Exception {
        return one.onLoop(() -> one.upstreams.checks().isMaking());
    }
}
