package dev.sluice.worker.exchange;

import dev.sluice.common.flight.FlightWriter;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.loop.FlightRecorder;

/**
 * What the flight recorder keeps of an exchange: who asks for what at its beginning, so that the
 * request which kills the worker is among the records, and what became of it at its end. Stateless.
 */
public final class FlightFacts {

    private FlightFacts() {
    }

    /** The head is complete, and it is known who the client is. */
    public static void begin(Exchange x) {
        FlightRecorder flight = x.ctx.flight;
        if (flight != null && x.parent == null) {
            begin(x, flight);
        }
    }

    private static int begin(Exchange x, FlightRecorder flight) {
        FlightWriter records = flight.records;
        int at = records.begin(x.startMs);
        int clientAt = FlightWriter.clientAt(at);
        ByteSink sink = flight.sink.reset(records.words(), clientAt, FlightWriter.clientEnd(at));
        x.client.remoteAddress(sink);
        RequestHead head = x.request;
        // A query has secrets as often as not.
        int end = head.queryLength >= 0 ? head.queryOffset - 1
                : head.targetOffset + head.targetLength;
        x.flightSerial = records.begun(at, sink.position() - clientAt, x.client.remotePort(),
                head.buffer(), head.methodOffset,
                head.targetLength == 0 ? 0 : end - head.methodOffset,
                x.server == null ? -1 : x.server.index);
        return at;
    }

    /** The exchange ends; its facts are complete. */
    static void end(Exchange x, FlightRecorder flight, long durationNs) {
        FlightWriter records = flight.records;
        int at = records.find(x.flightSerial);
        if (at < 0) {
            // It lasted longer than the ring is, or began without a head that could be read.
            at = begin(x, flight);
        }
        records.route(at, x.server == null ? -1 : x.server.index,
                x.location == null ? -1 : x.location.block);
        if (x.upstreamAddress != null) {
            int peerAt = FlightWriter.peerAt(at);
            flight.sink.reset(records.words(), peerAt, FlightWriter.peerEnd(at))
                    .putAscii(x.upstreamAddress);
            records.times(at, x.upstreamConnectNs, x.upstreamHeaderNs, x.upstreamResponseNs);
            records.peer(at, flight.sink.position() - peerAt, x.upstreamStatus,
                    x.upstreamTries);
        }
        records.ended(at, x.status, x.termination.ordinal(), x.requestBytes, x.bytesSent,
                durationNs);
        if (x.status >= 500) {
            flight.failed();
        }
    }
}
