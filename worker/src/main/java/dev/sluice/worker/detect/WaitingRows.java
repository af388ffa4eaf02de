package dev.sluice.worker.detect;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientAddress;
import dev.sluice.worker.watch.WatchFilter;
import dev.sluice.worker.watch.WatchedList;
import java.util.concurrent.TimeUnit;

/**
 * Connections of which is not known yet what they speak, as rows of {@code sluice conns} with the
 * columns of those of clients. Owner: event loop.
 */
final class WaitingRows implements WatchedList<FirstBytes> {

    private static final String WORD = "opening";

    private final Detector detector;

    WaitingRows(Detector detector) {
        this.detector = detector;
    }

    @Override
    public int count() {
        return detector.waitingCount();
    }

    @Override
    public FirstBytes at(int index) {
        return detector.waiting(index);
    }

    @Override
    public long serial(FirstBytes one) {
        return one.isWaiting() ? one.serial : 0;
    }

    @Override
    public long startedNs(FirstBytes one) {
        return one.acceptedNs;
    }

    @Override
    public boolean matches(FirstBytes one, WatchFilter filter) {
        if (!filter.is("state", WORD) || filter.asksForExchange()) {
            return false;
        }
        ByteSink address = filter.address();
        Detector.print(one, address);
        return filter.isClient();
    }

    @Override
    public void print(FirstBytes one, long nowNs, StringBuilder row) {
        long ms = TimeUnit.NANOSECONDS.toMillis(Math.max(0, nowNs - one.acceptedNs));
        row.append(ms).append('\t').append(ms).append('\t').append(WORD).append('\t')
                .append(detector.client(one)).append(':')
                .append((int) ClientAddress.port(one.address)).append("\t\t\t\t0\t0\t0\t0\t");
    }
}
