package dev.sluice.worker.upstream;

import java.util.Arrays;

/**
 * How many requests an upstream had in the last ten seconds and how many of them were retries. When
 * all peers fail, retries multiply the load on what is left: they may be a share of the requests
 * only. A few are always allowed, or an upstream without traffic would have none.
 *
 * <p>Owner: event loop. Each worker counts its own.
 */
public final class RetryBudget {

    static final int WINDOW_S = 10;
    /** Always allowed, a second. */
    static final int RETRIES_MIN_PER_S = 3;
    private static final long NS_PER_S = 1_000_000_000L;

    private final int[] requests = new int[WINDOW_S];
    private final int[] retries = new int[WINDOW_S];
    private int requestSum;
    private int retrySum;
    private long second;

    /** A request is made for the first time. */
    void request(long nowNs) {
        advance(nowNs);
        requests[(int) (second % WINDOW_S)]++;
        requestSum++;
    }

    /**
     * Asks for one retry.
     *
     * @param percent of the requests, or below zero for no budget
     * @return whether it may be made; it is counted then
     */
    boolean take(int percent, long nowNs) {
        advance(nowNs);
        boolean allowed = percent < 0 || retrySum < WINDOW_S * RETRIES_MIN_PER_S
                || (retrySum + 1) * 100L <= (long) percent * requestSum;
        if (allowed) {
            retries[(int) (second % WINDOW_S)]++;
            retrySum++;
        }
        return allowed;
    }

    /** Forgets the seconds that are older than the window. */
    private void advance(long nowNs) {
        long now = nowNs / NS_PER_S;
        if (now - second >= WINDOW_S) {
            Arrays.fill(requests, 0);
            Arrays.fill(retries, 0);
            requestSum = 0;
            retrySum = 0;
            second = now;
        }
        while (second < now) {
            second++;
            int slot = (int) (second % WINDOW_S);
            requestSum -= requests[slot];
            retrySum -= retries[slot];
            requests[slot] = 0;
            retries[slot] = 0;
        }
    }
}
