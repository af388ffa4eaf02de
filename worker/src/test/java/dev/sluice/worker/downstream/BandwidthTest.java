package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.arena.SlabPool;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bucket, with a clock that is stepped, and what it lets the output show. */
class BandwidthTest {

    private static final long MS = 1_000_000L;
    private static final long SECOND = 1000 * MS;

    private final Bandwidth bandwidth = new Bandwidth();
    private long nowNs = 77 * SECOND + 1234;

    /** Sends what is allowed, as soon as it is, until everything is sent. @return time taken */
    private long send(long total, long stepNs) {
        long beganNs = nowNs;
        long left = total;
        while (true) {
            long now = Math.min(left, bandwidth.allowance(nowNs));
            bandwidth.sent(now);
            left -= now;
            if (left == 0) {
                return nowNs - beganNs;
            }
            bandwidth.pause(nowNs);
            while (!bandwidth.resumes(nowNs)) {
                nowNs += stepNs;
            }
        }
    }

    @Test
    void aSecondsWorthComesAtOnceAndTheRestAtTheRate() {
        bandwidth.begin(1000, 0, nowNs);
        assertEquals(0, send(1000, MS));
        long ms = send(5000, MS) / MS;
        assertTrue(ms >= 5000 && ms < 5250, "took " + ms);
    }

    @Test
    void whatComesBeforeTheLimitIsFree() {
        bandwidth.begin(1000, 50_000, nowNs);
        assertEquals(0, send(51_000, MS));
        assertTrue(send(1000, MS) >= SECOND);
    }

    /** However coarse the timers and odd the rate: never faster, and hardly slower. */
    @Test
    void keepsAnyRate() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            long rate = 1 + random.nextLong(1L << random.nextInt(1, 31));
            bandwidth.begin(rate, 0, nowNs);
            long seconds = 3 + random.nextInt(20);
            long tookNs = send(rate * seconds, 1 + random.nextLong(100 * MS));
            long exactNs = (seconds - 1) * SECOND;
            String what = "rate " + rate + ", seed " + seed;
            assertTrue(tookNs >= exactNs - 1000, what);
            assertTrue(tookNs <= exactNs + SECOND / 3 + (rate < 5 ? SECOND : 0), what);
        }
    }

    @Test
    void aClientThatStoodStillHasTwoSecondsWorthToCatchUp() {
        bandwidth.begin(1000, 0, nowNs);
        send(1000, MS);
        nowNs += 3600 * SECOND;
        assertEquals(2000, bandwidth.allowance(nowNs));
    }

    @Test
    void theOutputShowsNoMoreThanIsAllowed() {
        StreamOutput out = new StreamOutput();
        SlabPool slabs = new SlabPool(2);
        var slab = slabs.borrow();
        var lent = slabs.borrow();
        out.attach(slab, StreamInput.LIMIT);
        out.openHead().putAscii("0123456789");
        out.closeHead(false);
        out.lend(lent.bytes, lent.address, 16, 100);
        assertEquals(10, out.ownBytes());
        assertEquals(100, out.lentBytes());

        out.allow(4);
        assertEquals(4, out.ownBytes());
        assertEquals(out.sentTo() + 4, out.end());
        assertEquals(0, out.lentBytes());
        assertFalse(out.isHeldBack());
        out.took(4);
        assertTrue(out.isEmpty());
        assertTrue(out.isHeldBack());

        out.allow(56);
        assertEquals(6, out.ownBytes());
        assertEquals(50, out.lentBytes());
        out.took(56);
        assertTrue(out.isHeldBack());
        assertFalse(out.isOwnMemory(), "the loan is not over");

        out.allow(Long.MAX_VALUE);
        assertEquals(50, out.lentBytes());
        out.took(50);
        assertTrue(out.isEmpty());

        out.file(3, 0, 1000);
        out.allow(300);
        assertEquals(300, out.fileLeft());
        out.tookOfFile(300);
        assertTrue(out.isHeldBack());
        out.allow(5000);
        assertEquals(700, out.fileLeft());
        out.tookOfFile(700);
        assertFalse(out.isHeldBack());
        assertTrue(out.isEmpty());
    }
}
