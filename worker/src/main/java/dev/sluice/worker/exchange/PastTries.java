package dev.sluice.worker.exchange;

import dev.sluice.worker.arena.ByteSink;
import java.util.Arrays;

/**
 * What became of the peers that an exchange has asked before the last one, for {@code
 * $upstream_addr} and its like. Made when a second peer is asked, then kept for the exchanges to
 * come: nothing is allocated where the first peer answers.
 *
 * <p>Owner: event loop.
 */
public final class PastTries {

    /** Further ones before the last are left out. */
    private static final int TRIES_MAX = 16;

    private final String[] addresses = new String[TRIES_MAX];
    private final int[] statuses = new int[TRIES_MAX];
    private final long[] connectNs = new long[TRIES_MAX];
    private final long[] headerNs = new long[TRIES_MAX];
    private final long[] responseNs = new long[TRIES_MAX];
    /** Whether the next one was asked for another location. */
    private final boolean[] apart = new boolean[TRIES_MAX];
    private int count;
    /** Tries of the exchange that have been looked at, those left out among them. */
    private int lookedAt;

    /** Those of an exchange; null without any. */
    public static PastTries of(Exchange x) {
        return x.pastTries == null || x.pastTries.count == 0 ? null : x.pastTries;
    }

    static void clear(PastTries old) {
        if (old != null) {
            Arrays.fill(old.addresses, 0, old.count, null);
            old.count = 0;
            old.lookedAt = 0;
        }
    }

    /** Keeps what the exchange has seen of the last peer, if that one counts as a try. */
    static void keep(Exchange x, boolean elsewhere) {
        if (x.upstreamTries == 0) {
            return;
        }
        if (x.pastTries == null) {
            x.pastTries = new PastTries();
        }
        x.pastTries.add(x, elsewhere);
    }

    private void add(Exchange x, boolean elsewhere) {
        if (x.upstreamTries <= lookedAt) {
            return;
        }
        lookedAt = x.upstreamTries;
        if (count < TRIES_MAX) {
            addresses[count] = x.upstreamAddress;
            statuses[count] = x.upstreamStatus;
            connectNs[count] = x.upstreamConnectNs;
            headerNs[count] = x.upstreamHeaderNs;
            responseNs[count] = x.upstreamResponseNs;
            apart[count++] = elsewhere;
        }
    }

    /** What one exchange has seen of peers is told as seen by another one. */
    public static void pass(Exchange from, Exchange to) {
        to.upstreamAddress = from.upstreamAddress;
        to.upstreamStatus = from.upstreamStatus;
        to.upstreamTries = from.upstreamTries;
        to.upstreamError = from.upstreamError;
        to.upstreamConnectNs = from.upstreamConnectNs;
        to.upstreamHeaderNs = from.upstreamHeaderNs;
        to.upstreamResponseNs = from.upstreamResponseNs;
        clear(to.pastTries);
        if (from.pastTries != null && from.pastTries.lookedAt > 0) {
            to.pastTries = to.pastTries == null ? new PastTries() : to.pastTries;
            to.pastTries.copy(from.pastTries);
        }
    }

    private void copy(PastTries of) {
        count = of.count;
        lookedAt = of.lookedAt;
        System.arraycopy(of.addresses, 0, addresses, 0, count);
        System.arraycopy(of.statuses, 0, statuses, 0, count);
        System.arraycopy(of.connectNs, 0, connectNs, 0, count);
        System.arraycopy(of.headerNs, 0, headerNs, 0, count);
        System.arraycopy(of.responseNs, 0, responseNs, 0, count);
        System.arraycopy(of.apart, 0, apart, 0, count);
    }

    public int count() {
        return count;
    }

    /** Null while it was not known. */
    public String address(int i) {
        return addresses[i];
    }

    /** 0 for none. */
    public int status(int i) {
        return statuses[i];
    }

    /** {@link Exchange#NOT_MEASURED} where it was not connected; as are the next two. */
    public long connectNs(int i) {
        return connectNs[i];
    }

    public long headerNs(int i) {
        return headerNs[i];
    }

    public long responseNs(int i) {
        return responseNs[i];
    }

    /** Behind the value of this one, as in nginx. */
    public void separate(int i, ByteSink out) {
        out.putAscii(apart[i] ? " : " : ", ");
    }
}
