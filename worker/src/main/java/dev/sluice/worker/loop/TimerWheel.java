package dev.sluice.worker.loop;

/**
 * Hashed timing wheel (Varghese and Lauck 1987, scheme 6) of {@value #BUCKETS} buckets, one per
 * tick of {@value #TICK_MS} ms. A deadline fires between zero and two ticks late, never early.
 *
 * <p>Moving a deadline further away, which every byte of progress does, only writes a field: the
 * entry is put into its later bucket when the earlier one comes round.
 *
 * <p>Owner: event loop.
 */
public final class TimerWheel {

    static final int BUCKETS = 512;
    private static final int MASK = BUCKETS - 1;
    public static final long TICK_MS = 50;
    private static final long TICK_NS = TICK_MS * 1_000_000L;

    /** Ring heads; a bucket is empty when its head points at itself. */
    private final Timed[] heads = new Timed[BUCKETS];
    /** One bit per bucket that is not empty, so that the next one is found without a walk. */
    private final long[] occupied = new long[BUCKETS / Long.SIZE];
    /** The ring whose entries are being fired; empty between calls. */
    private final Timed expiring = ringHead();
    private final long originNs;
    private int currentTick;
    private int linkedCount;

    /** @param nowNs the loop's time now, in nanoseconds */
    public TimerWheel(long nowNs) {
        this.originNs = nowNs;
        for (int i = 0; i < BUCKETS; i++) {
            heads[i] = ringHead();
        }
    }

    private static Timed ringHead() {
        Timed head = new Timed() {
            @Override
            protected void onDeadline(long at) {
                throw new AssertionError("a ring's head has no deadline");
            }
        };
        head.previous = head;
        head.next = head;
        return head;
    }

    /** Sets or moves the one deadline of {@code timed}, in the loop's nanoseconds. */
    public void set(Timed timed, long deadlineNs) {
        timed.deadlineNs = deadlineNs;
        timed.armed = true;
        int tick = tickOf(deadlineNs);
        if (timed.next != null) {
            if (tick - timed.bucketTick >= 0) {
                return;
            }
            unlink(timed);
        }
        link(timed, tick);
    }

    /** Takes the deadline away; nothing happens when there is none. */
    public void clear(Timed timed) {
        timed.armed = false;
        if (timed.next != null) {
            unlink(timed);
        }
    }

    /**
     * Takes the deadline away but leaves the entry linked, for an object that will soon set its
     * next deadline: cheaper than {@link #clear} on a path that does both for every request.
     */
    public void pause(Timed timed) {
        timed.armed = false;
    }

    public static boolean isSet(Timed timed) {
        return timed.armed;
    }

    /** Fires every deadline that is not after {@code nowNs}. @return how many fired */
    public int advance(long nowNs) {
        int target = (int) ((nowNs - originNs) / TICK_NS);
        if (linkedCount == 0) {
            currentTick = target;
            return 0;
        }
        int fired = 0;
        // After a long stall every bucket is visited once, not once per missed tick.
        int steps = Math.min(target - currentTick, BUCKETS);
        int tick = target - steps;
        for (int i = 0; i < steps; i++) {
            tick++;
            currentTick = tick;
            if (!isEmpty(tick & MASK)) {
                fired += expire(tick & MASK, target, nowNs);
            }
        }
        currentTick = target;
        return fired;
    }

    private int expire(int bucket, int target, long nowNs) {
        Timed head = heads[bucket];
        // The ring is taken off as a whole: what a callback links anew goes to the fresh ring.
        Timed first = head.next;
        Timed last = head.previous;
        head.next = head;
        head.previous = head;
        markEmpty(bucket);
        Timed ring = expiring;
        ring.next = first;
        first.previous = ring;
        ring.previous = last;
        last.next = ring;
        int fired = 0;
        while (ring.next != ring) {
            Timed timed = ring.next;
            detach(timed);
            linkedCount--;
            if (!timed.armed) {
                continue;
            }
            if (timed.deadlineNs - nowNs > 0) {
                int tick = tickOf(timed.deadlineNs);
                link(timed, tick - target <= 0 ? target + 1 : tick);
            } else {
                timed.armed = false;
                fired++;
                timed.onDeadline(nowNs);
            }
        }
        return fired;
    }

    /**
     * Nanoseconds until the next bucket that holds something, at least one; {@code idleNs} when
     * the wheel is empty or that bucket is further away.
     */
    public long delayNs(long nowNs, long idleNs) {
        if (linkedCount == 0) {
            return idleNs;
        }
        int nowTick = (int) ((nowNs - originNs) / TICK_NS);
        int behind = nowTick - currentTick;
        if (behind > 0) {
            return 1;
        }
        for (int ahead = 1; ahead <= BUCKETS; ahead++) {
            int bucket = (currentTick + ahead) & MASK;
            long word = occupied[bucket >>> 6] >>> bucket;
            if (word == 0) {
                // Nothing in the rest of this word: go on with the next one.
                ahead += Long.SIZE - 1 - (bucket & (Long.SIZE - 1));
                continue;
            }
            ahead += Long.numberOfTrailingZeros(word);
            long dueNs = originNs + (currentTick + (long) ahead) * TICK_NS;
            return Math.clamp(dueNs - nowNs, 1, idleNs);
        }
        return idleNs;
    }

    /** Entries that are linked, including paused ones. */
    public int linkedCount() {
        return linkedCount;
    }

    /** The first tick that begins at or after the deadline. */
    private int tickOf(long deadlineNs) {
        long ticks = (deadlineNs - originNs + TICK_NS - 1) / TICK_NS;
        return (int) Math.max(ticks, currentTick + 1L);
    }

    private void link(Timed timed, int tick) {
        assert timed.next == null && timed.previous == null;
        int bucket = tick & MASK;
        Timed head = heads[bucket];
        timed.bucketTick = tick;
        timed.previous = head.previous;
        timed.next = head;
        head.previous.next = timed;
        head.previous = timed;
        occupied[bucket >>> 6] |= 1L << bucket;
        linkedCount++;
    }

    private void unlink(Timed timed) {
        int bucket = timed.bucketTick & MASK;
        detach(timed);
        linkedCount--;
        if (isEmpty(bucket)) {
            markEmpty(bucket);
        }
    }

    private static void detach(Timed timed) {
        timed.previous.next = timed.next;
        timed.next.previous = timed.previous;
        timed.next = null;
        timed.previous = null;
    }

    private boolean isEmpty(int bucket) {
        return heads[bucket].next == heads[bucket];
    }

    private void markEmpty(int bucket) {
        occupied[bucket >>> 6] &= ~(1L << bucket);
    }
}
