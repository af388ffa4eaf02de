package dev.sluice.worker.variables;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.PastTries;

/**
 * Values of the peers that were asked, one after the other, as nginx has them: a comma between
 * those of one location, a colon where another location has asked on, and - for what is not known.
 * Stateless.
 */
final class TriedValues {

    private static final long NS_PER_MS = 1_000_000;

    private TriedValues() {}

    /** One value of a try that is past; false, and nothing put, when it is not known. */
    private interface Tried {
        boolean put(PastTries past, int i, ByteSink out);
    }

    static boolean addresses(Exchange x, ByteSink out) {
        boolean tried = past(x, out, (past, i, to) -> address(past.address(i), to));
        return address(x.upstreamAddress, out) || last(tried, out);
    }

    static boolean statuses(Exchange x, ByteSink out) {
        boolean tried = past(x, out, (past, i, to) -> status(past.status(i), to));
        return status(x.upstreamStatus, out) || last(tried, out);
    }

    static boolean connectTimes(Exchange x, ByteSink out) {
        boolean tried = past(x, out, (past, i, to) -> time(past.connectNs(i), to));
        return time(x.upstreamConnectNs, out) || last(tried, out);
    }

    static boolean headerTimes(Exchange x, ByteSink out) {
        boolean tried = past(x, out, (past, i, to) -> time(past.headerNs(i), to));
        return time(x.upstreamHeaderNs, out) || last(tried, out);
    }

    static boolean responseTimes(Exchange x, ByteSink out) {
        boolean tried = past(x, out, (past, i, to) -> time(past.responseNs(i), to));
        return time(x.upstreamResponseNs, out) || last(tried, out);
    }

    /** @return whether there are any */
    private static boolean past(Exchange x, ByteSink out, Tried value) {
        PastTries past = PastTries.of(x);
        if (past == null) {
            return false;
        }
        for (int i = 0; i < past.count(); i++) {
            if (!value.put(past, i, out)) {
                out.put('-');
            }
            past.separate(i, out);
        }
        return true;
    }

    /** Alone it is no value at all. */
    private static boolean last(boolean tried, ByteSink out) {
        if (tried) {
            out.put('-');
        }
        return tried;
    }

    private static boolean address(String text, ByteSink out) {
        if (text == null) {
            return false;
        }
        out.putAscii(text);
        return true;
    }

    private static boolean status(int status, ByteSink out) {
        if (status == 0) {
            return false;
        }
        out.putDecimal(status);
        return true;
    }

    private static boolean time(long ns, ByteSink out) {
        if (ns < 0) {
            return false;
        }
        out.putSeconds(ns / NS_PER_MS);
        return true;
    }
}
