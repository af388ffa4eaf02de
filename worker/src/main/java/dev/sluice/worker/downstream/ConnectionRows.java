package dev.sluice.worker.downstream;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.watch.ShownExchange;
import dev.sluice.worker.watch.WatchFilter;
import dev.sluice.worker.watch.WatchedList;
import java.util.concurrent.TimeUnit;

/**
 * Connections of clients as rows of {@code sluice conns}. Owner: event loop.
 *
 * <pre>
 *   age ms TAB ms in state TAB state TAB client TAB server TAB location TAB upstream
 *       TAB bytes in TAB bytes out TAB requests TAB streams TAB request
 * </pre>
 */
final class ConnectionRows implements WatchedList<DownstreamConnection> {

    private static final int REQUEST_CHARS_MAX = 200;

    private final Downstreams shared;

    ConnectionRows(Downstreams shared) {
        this.shared = shared;
    }

    @Override
    public int count() {
        return shared.openCount();
    }

    @Override
    public DownstreamConnection at(int index) {
        return shared.open(index);
    }

    @Override
    public long serial(DownstreamConnection one) {
        return one.state() == DownstreamState.CLOSED ? 0 : one.serial();
    }

    @Override
    public long startedNs(DownstreamConnection one) {
        return one.acceptedNs();
    }

    @Override
    public boolean matches(DownstreamConnection one, WatchFilter filter) {
        Exchange x = exchange(one);
        if (!filter.is("state", word(one, x))) {
            return false;
        }
        if (x != null) {
            return filter.matches(x);
        }
        if (filter.asksForExchange()) {
            return false;
        }
        one.printRemoteAddress(filter.address());
        return filter.isClient();
    }

    /** What is under way; of several streams, the one that began first. */
    private static Exchange exchange(DownstreamConnection one) {
        if (one.state() == DownstreamState.IN_EXCHANGE) {
            return one.stream().exchange;
        }
        Http2Session session = one.http2();
        Exchange first = null;
        for (int i = 0; session != null && i < session.streams.count(); i++) {
            Exchange x = session.streams.at(i).exchange;
            if (x.state != ExchangeState.ENDED
                    && (first == null || x.startNs - first.startNs < 0)) {
                first = x;
            }
        }
        return first;
    }

    private static String word(DownstreamConnection one, Exchange x) {
        return switch (one.state()) {
            case OPENING -> one.before == null ? "opening-proxy" : "opening-tls";
            case IDLE -> "idle";
            case READING_HEAD -> "reading";
            case DISCARDING -> "discarding";
            case LINGERING -> "closing";
            case CLOSED -> "closed";
            case HTTP2 -> x == null ? "http2-idle" : "http2-" + x.state.word();
            case IN_EXCHANGE -> x.state.word();
        };
    }

    @Override
    public void print(DownstreamConnection one, long nowNs, StringBuilder row) {
        Exchange x = exchange(one);
        row.append(ms(nowNs - one.acceptedNs())).append('\t')
                .append(ms(nowNs - (x == null ? one.stateSinceNs() : x.startNs))).append('\t')
                .append(word(one, x)).append('\t')
                .append(x == null ? ConnectionAddress.withPort(one) : ShownExchange.client(x))
                .append('\t')
                .append(x == null || x.server == null ? "" : x.server.name()).append('\t')
                .append(x == null || x.location == null ? "" : x.location.label).append('\t')
                .append(x == null || x.upstreamAddress == null ? "" : x.upstreamAddress)
                .append('\t').append(one.bytesIn()).append('\t').append(one.bytesOut())
                .append('\t').append(one.requestCount()).append('\t')
                .append(one.http2() == null ? 0 : one.http2().streams.count()).append('\t');
        if (x != null) {
            ShownExchange.requestLine(x, row, REQUEST_CHARS_MAX);
        }
    }

    private static long ms(long ns) {
        return TimeUnit.NANOSECONDS.toMillis(Math.max(0, ns));
    }
}
