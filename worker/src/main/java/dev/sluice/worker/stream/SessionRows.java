package dev.sluice.worker.stream;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.watch.ShownExchange;
import dev.sluice.worker.watch.WatchFilter;
import dev.sluice.worker.watch.WatchedList;
import java.util.concurrent.TimeUnit;

/**
 * Connections of streams as rows of {@code sluice conns}, with the columns of those of clients;
 * the server is the stream. Owner: event loop.
 */
final class SessionRows implements WatchedList<StreamSession> {

    private final Streams shared;

    SessionRows(Streams shared) {
        this.shared = shared;
    }

    @Override
    public int count() {
        return shared.sessionCount();
    }

    @Override
    public StreamSession at(int index) {
        return shared.session(index);
    }

    @Override
    public long serial(StreamSession one) {
        return one.state() == SessionState.CLOSED ? 0 : one.client.connectionSerial();
    }

    @Override
    public long startedNs(StreamSession one) {
        return one.exchange.startNs;
    }

    @Override
    public boolean matches(StreamSession one, WatchFilter filter) {
        return matches(one.exchange, one.plan, word(one), filter);
    }

    /** The same of a session of any kind. */
    static boolean matches(Exchange x, StreamPlan plan, String word, WatchFilter filter) {
        String upstream = filter.word("upstream");
        if (filter.word("location") != null || filter.word("path") != null
                || filter.word("status") != null
                || !filter.is("state", word)
                || !filter.is("server", plan.config.name())
                || upstream != null && (x.upstreamAddress == null
                        || !x.upstreamAddress.contains(upstream))) {
            return false;
        }
        x.client.remoteAddress(filter.address());
        return filter.isClient();
    }

    private static String word(StreamSession one) {
        return one.state() == SessionState.RELAYING ? "stream" : "stream-opening";
    }

    @Override
    public void print(StreamSession one, long nowNs, StringBuilder row) {
        print(one.exchange, one.plan, word(one), nowNs, one.movedNs(), row);
        row.append(one.bytesIn()).append('\t').append(one.bytesOut()).append("\t1\t0\t");
    }

    /** All columns in front of the bytes, of a session of any kind. */
    static void print(Exchange x, StreamPlan plan, String word, long nowNs, long movedNs,
            StringBuilder row) {
        row.append(ms(nowNs - x.startNs)).append('\t').append(ms(nowNs - movedNs))
                .append('\t').append(word).append('\t').append(ShownExchange.client(x))
                .append('\t').append(plan.config.name()).append("\t\t")
                .append(x.upstreamAddress == null ? "" : x.upstreamAddress).append('\t');
    }

    private static long ms(long ns) {
        return TimeUnit.NANOSECONDS.toMillis(Math.max(0, ns));
    }
}
