package dev.sluice.worker.stream;

import dev.sluice.worker.watch.WatchFilter;
import dev.sluice.worker.watch.WatchedList;

/** Sessions of datagrams as rows of {@code sluice conns}. Owner: event loop. */
final class DatagramRows implements WatchedList<DatagramSession> {

    private static final String WORD = "udp";

    private final Datagrams shared;

    DatagramRows(Datagrams shared) {
        this.shared = shared;
    }

    @Override
    public int count() {
        return shared.openCount();
    }

    @Override
    public DatagramSession at(int index) {
        return shared.at(index);
    }

    @Override
    public long serial(DatagramSession one) {
        return one.isEnded() ? 0 : one.client.connectionSerial();
    }

    @Override
    public long startedNs(DatagramSession one) {
        return one.exchange.startNs;
    }

    @Override
    public boolean matches(DatagramSession one, WatchFilter filter) {
        return SessionRows.matches(one.exchange, one.plan, WORD, filter);
    }

    @Override
    public void print(DatagramSession one, long nowNs, StringBuilder row) {
        SessionRows.print(one.exchange, one.plan, WORD, nowNs, one.movedNs(), row);
        row.append(one.exchange.requestBytes).append('\t').append(one.exchange.bytesSent)
                .append('\t').append(one.requests()).append("\t0\t");
    }
}
