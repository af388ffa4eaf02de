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
        String upstream = filter.word("upstream");
        if (filter.word("location") != null || filter.word("path") != null
                || filter.word("status") != null
                || !filter.is("state", word(one))
                || !filter.is("server", one.plan.config.name())
                || upstream != null && (one.exchange.upstreamAddress == null
                        || !one.exchange.upstreamAddress.contains(upstream))) {
            return false;
        }
        one.client.remoteAddress(filter.address());
        return filter.isClient();
    }

    private static String word(StreamSession one) {
        return one.state() == SessionState.RELAYING ? "stream" : "stream-opening";
    }

    @Override
    public void print(StreamSession one, long nowNs, StringBuilder row) {
        Exchange x = one.exchange;
        row.append(ms(nowNs - x.startNs)).append('\t').append(ms(nowNs - one.movedNs()))
                .append('\t').append(word(one)).append('\t').append(ShownExchange.client(x))
                .append('\t').append(one.plan.config.name()).append("\t\t")
                .append(x.upstreamAddress == null ? "" : x.upstreamAddress).append('\t')
                .append(one.bytesIn()).append('\t').append(one.bytesOut()).append("\t1\t0\t");
    }

    private static long ms(long ns) {
        return TimeUnit.NANOSECONDS.toMillis(Math.max(0, ns));
    }
}
