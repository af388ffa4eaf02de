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

    static boolean addresses(Exchange x, ByteSink out) {
        PastTries past = PastTries.of(x);
        for (int i = 0; i < count(past); i++) {
            end(address(past.address(i), out), past, i, out);
        }
        return address(x.upstreamAddress, out) || last(past, out);
    }

    static boolean statuses(Exchange x, ByteSink out) {
        PastTries past = PastTries.of(x);
        for (int i = 0; i < count(past); i++) {
            end(status(past.status(i), out), past, i, out);
        }
        return status(x.upstreamStatus, out) || last(past, out);
    }

    static boolean connectTimes(Exchange x, ByteSink out) {
        PastTries past = PastTries.of(x);
        for (int i = 0; i < count(past); i++) {
            end(time(past.connectNs(i), out), past, i, out);
        }
        return time(x.upstreamConnectNs, out) || last(past, out);
    }

    static boolean headerTimes(Exchange x, ByteSink out) {
        PastTries past = PastTries.of(x);
        for (int i = 0; i < count(past); i++) {
            end(time(past.headerNs(i), out), past, i, out);
        }
        return time(x.upstreamHeaderNs, out) || last(past, out);
    }

    static boolean responseTimes(Exchange x, ByteSink out) {
        PastTries past = PastTries.of(x);
        for (int i = 0; i < count(past); i++) {
            end(time(past.responseNs(i), out), past, i, out);
        }
        return time(x.upstreamResponseNs, out) || last(past, out);
    }

    private static int count(PastTries past) {
        return past == null ? 0 : past.count();
    }

    private static void end(boolean known, PastTries past, int i, ByteSink out) {
        if (!known) {
            out.put('-');
        }
        past.separate(i, out);
    }

    /** Alone it is no value at all. */
    private static boolean last(PastTries past, ByteSink out) {
        if (past != null) {
            out.put('-');
        }
        return past != null;
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
