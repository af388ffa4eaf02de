package dev.sluice.worker.boot;

import dev.sluice.worker.detect.Detector;
import dev.sluice.worker.downstream.Downstreams;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.stream.Streams;

/**
 * Who takes a connection when it is known what it speaks. Immutable.
 *
 * @param streams null without any
 */
record ByProtocol(Downstreams downstreams, Streams streams) implements Detector.Taker {

    @Override
    public void http(int fd, byte[] address, int listenIndex, boolean tls, ProxiedEnds ends) {
        downstreams.accepted(fd, address, listenIndex, !tls, ends);
    }

    @Override
    public boolean other(int fd, byte[] address, int listenIndex, ProxiedEnds ends) {
        if (streams == null || !streams.owns(listenIndex)) {
            return false;
        }
        streams.accepted(fd, address, listenIndex, ends);
        return true;
    }
}
