package dev.sluice.worker.downstream;

import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.worker.http2.ErrorCode;
import dev.sluice.worker.http2.Flood;
import dev.sluice.worker.http2.FloodGuard;
import dev.sluice.worker.http2.FrameWriter;
import dev.sluice.worker.http2.OpenStreams;
import dev.sluice.worker.http2.Settings;

/**
 * A client's connection of HTTP/2 (RFC 9113): its streams from their first frame to their last,
 * its patience, and its end. What comes in is read by {@link Http2Input}, what goes out is written
 * by {@link Http2Output}. A connection without streams holds no slab.
 *
 * <p>Owner: event loop. Reused.
 */
final class Http2Session {

    private static final long NS_PER_MS = 1_000_000L;
    /** What is on its way when the first GOAWAY is sent is here after that. */
    private static final long LEAVE_NS = 1_000 * NS_PER_MS;

    final Http2Front front;
    final Http2Output output;
    final FloodGuard guard;
    final Settings settings = new Settings();
    /** Of the socket: when it takes nothing. */
    final Pace sending = new Pace();
    DownstreamConnection connection;
    private final Downstreams shared;
    final Http2Input input;
    private Http2State state = Http2State.CLOSED;
    final OpenStreams<Http2Stream> streams = new OpenStreams<>();
    final Http2Exchanges exchanges;
    /** The largest stream of the client so far. */
    private int lastStream;
    /** DATA that the client may still send on the connection. */
    private int receiveWindow;
    /** The earliest deadline that is set; {@link Pace#NEVER} for none. */
    private long wakeNs;
    private long idleNs;
    private long leaveNs;

    Http2Session(Downstreams shared, Http2Front front) {
        this.shared = shared;
        this.front = front;
        output = new Http2Output(this, shared);
        input = new Http2Input(this, shared);
        exchanges = new Http2Exchanges(this, shared);
        guard = new FloodGuard(front.resetsMax, front.controlFramesMax);
    }

    /** @param first what was read already; null for nothing. Copied */
    void begin(DownstreamConnection on, StreamInput first) {
        assert state == Http2State.CLOSED && streams.count() == 0;
        connection = on;
        state = Http2State.GREETING;
        lastStream = 0;
        receiveWindow = front.connectionWindow;
        wakeNs = Pace.NEVER;
        leaveNs = Pace.NEVER;
        settings.reset();
        sending.reset();
        guard.reset(on.nowNs());
        output.begin();
        idleNs = on.nowNs() + shared.http.clientHeaderTimeoutMs() * NS_PER_MS;
        wakeBy(idleNs);
        shared.ctx.counters.add(CounterId.HTTP2_CONNECTIONS, 1);
        told(0, "begins", ConnectionSteps.NO_CODE);
        var out = output.control(128);
        if (out == null || !input.begin(first)) {
            noMemory();
            return;
        }
        FrameWriter.settings(out, front.streamsMax, front.streamWindow,
                shared.parseLimits.headerBytesMax());
        if (front.connectionWindow > Settings.WINDOW_DEFAULT) {
            FrameWriter.windowUpdate(out, 0, front.connectionWindow - Settings.WINDOW_DEFAULT);
        }
        output.controlDone();
    }

    Http2State state() {
        return state;
    }

    boolean isOpen() {
        return state != Http2State.CLOSED;
    }

    private void become(Http2State next) {
        assert state.mayBecome(next) : state + " to " + next;
        state = next;
    }

    /** The client has greeted as it should. */
    void greeted() {
        become(Http2State.OPEN);
        idleSince(connection.nowNs());
    }

    // ---- events of the connection

    void ready() {
        if (connection.isWritable() && (!output.isEmpty() || !connection.outputClear())) {
            connection.gather();
        }
        input.advance();
    }

    void endOfTurn() {
        switch (output.turn()) {
            case Http2Output.DRAINED -> {
                sending.stopWaiting(connection.nowNs());
                connection.outputRests();
                if (state == Http2State.LAST && streams.count() == 0) {
                    close();
                    return;
                }
            }
            case Http2Output.STUCK -> {
                ClientConfig client = shared.defaults;
                sending.waitFrom(connection.nowNs(), client.sendTimeoutMs(),
                        client.minRateBytesPerSecond());
                wakeBy(sending.deadlineNs());
                connection.writeStuck();
                connection.outputWaits();
            }
            case Http2Output.YIELD -> shared.ctx.loop.atNextTurn(connection);
            default -> {
                if (isOpen()) {
                    lost(Termination.CLIENT_RESET);
                }
                return;
            }
        }
        input.advance();
    }

    /** The time has come for something: all that have one are asked. */
    void deadline(long nowNs) {
        wakeNs = Pace.NEVER;
        if (isOver(sending.deadlineNs(), nowNs)) {
            lost(Termination.CLIENT_SEND_TIMEOUT);
            return;
        }
        if (isOver(input.deadlineNs(), nowNs)) {
            end(ErrorCode.NO_ERROR, "the client did not finish a frame in time");
            return;
        }
        if (isOver(leaveNs, nowNs)) {
            leaveNs = Pace.NEVER;
            leaveAtLast();
        }
        if (streams.count() == 0 && isOver(idleNs, nowNs)) {
            leaveAtLast();
        }
        for (int i = streams.count() - 1; i >= 0; i--) {
            deadline(streams.at(i), nowNs);
        }
        wakeBy(sending.deadlineNs());
        wakeBy(input.deadlineNs());
        wakeBy(leaveNs);
        wakeBy(streams.count() == 0 && state != Http2State.LAST ? idleNs : Pace.NEVER);
        for (int i = 0; i < streams.count(); i++) {
            Http2Stream stream = streams.at(i);
            wakeBy(stream.lingerNs);
            wakeBy(Math.min(stream.bandwidth.resumeNs(),
                    Math.min(stream.reading.deadlineNs(), stream.sending.deadlineNs())));
        }
    }

    private static boolean isOver(long deadlineNs, long nowNs) {
        return deadlineNs != Pace.NEVER && nowNs - deadlineNs >= 0;
    }

    private void deadline(Http2Stream stream, long nowNs) {
        if (isOver(stream.lingerNs, nowNs)) {
            exchanges.cutRequest(stream);
            return;
        }
        if (stream.bandwidth.resumes(nowNs)) {
            output.ready(stream);
        }
        if (isOver(stream.sending.deadlineNs(), nowNs)) {
            exchanges.drop(stream, Termination.CLIENT_SEND_TIMEOUT);
            output.resetNow(stream.id, ErrorCode.CANCEL);
            remove(stream);
        } else if (isOver(stream.reading.deadlineNs(), nowNs)) {
            stream.reading.stopWaiting(nowNs);
            exchanges.refuseBody(stream, 408, Termination.CLIENT_BODY_TIMEOUT);
        }
    }

    /** Something is to be looked at by then. */
    void wakeBy(long deadlineNs) {
        if (deadlineNs < wakeNs) {
            wakeNs = deadlineNs;
            shared.ctx.timers.set(connection, deadlineNs);
        }
    }

    private void idleSince(long nowNs) {
        idleNs = nowNs + shared.defaults.keepaliveTimeoutMs() * NS_PER_MS;
        wakeBy(idleNs);
    }

    // ---- streams

    int lastStream() {
        return lastStream;
    }

    /** The client has opened a stream, whatever becomes of it. */
    void opened(int id) {
        assert id > lastStream;
        lastStream = id;
        told(id, "opened", ConnectionSteps.NO_CODE);
    }

    /** For debug_connection. @param stream 0 for the connection as a whole */
    void told(int stream, String what, int code) {
        ConnectionSteps.ofHttp2(connection, stream, what, code);
    }

    void add(Http2Stream stream) {
        stream.sendWindow = settings.initialWindow;
        streams.add(stream);
        connection.countRequest();
        shared.turnstile.begins(stream);
    }

    /** The stream's exchange has ended, and its last frame is written. */
    void remove(Http2Stream stream) {
        stream.stopReadingBody();
        output.forget(stream);
        streams.remove(stream);
        told(stream.id, "ended", ConnectionSteps.NO_CODE);
        front.giveBack(stream);
        if (streams.count() == 0) {
            idleSince(connection.nowNs());
            connection.gather();
        }
    }

    /** The client's windows have become larger: streams that waited for it go on. */
    void wakeBlocked() {
        for (int i = 0; i < streams.count(); i++) {
            wakeBlocked(streams.at(i));
        }
    }

    void wakeBlocked(Http2Stream stream) {
        if (exchanges.goOn(stream)) {
            output.ready(stream);
        }
    }

    /** The client has changed the window of all streams. @return whether one overflows */
    boolean moveWindows(int difference) {
        if (!streams.moveWindows(difference)) {
            return true;
        }
        wakeBlocked();
        return false;
    }

    /** DATA has come. @return whether it is more than the connection's window allows */
    boolean received(int bytes) {
        receiveWindow -= bytes;
        return receiveWindow < 0;
    }

    void widenReceive(int bytes) {
        receiveWindow += bytes;
    }

    /** DATA was read by whoever wants it, or dropped. */
    void consumed(int bytes) {
        output.acknowledgeConnection(bytes);
    }

    // ---- ends

    /** The worker drains, or the connection has served long enough. */
    void leave() {
        if (state == Http2State.OPEN) {
            become(Http2State.LEAVING);
            told(0, "GOAWAY sent", ErrorCode.NO_ERROR);
            output.goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR);
            leaveNs = connection.nowNs() + LEAVE_NS;
            wakeBy(leaveNs);
        }
    }

    private void leaveAtLast() {
        if (state != Http2State.LAST && isOpen()) {
            become(Http2State.LAST);
            told(0, "last GOAWAY sent", ErrorCode.NO_ERROR);
            output.goAway(lastStream, ErrorCode.NO_ERROR);
        }
    }

    /** Closes it if nothing runs on it. @return whether it is closed, or will be */
    boolean closeIfIdle() {
        input.advance();
        if (isOpen() && state != Http2State.LAST && streams.count() == 0) {
            leaveAtLast();
            return true;
        }
        return !isOpen();
    }

    /** More of something than is allowed. */
    void flood(Flood kind) {
        shared.ctx.counters.add(kind == Flood.RESETS || kind == Flood.MISTAKES
                ? CounterId.HTTP2_ENDED_RESETS : CounterId.HTTP2_ENDED_CONTROL_FRAMES, 1);
        end(ErrorCode.ENHANCE_YOUR_CALM, kind.sentence());
    }

    /** The client has broken a rule of the connection. */
    void broken(int code, String why) {
        shared.ctx.counters.add(CounterId.HTTP2_ENDED_PROTOCOL, 1);
        end(code, why);
    }

    private void end(int code, String why) {
        if (!isOpen()) {
            return;
        }
        told(0, why + ": GOAWAY sent", code);
        if (shared.ctx.log.enabled(Level.INFO)) {
            Http2Log.ended(shared, connection, state, code, why);
        }
        output.goAway(lastStream, code);
        dropAll(Termination.CLIENT_PROTOCOL_ERROR);
        output.turn();
        state = Http2State.CLOSED;
        connection.lingerAfter();
    }

    private void dropAll(Termination reason) {
        while (streams.count() > 0) {
            Http2Stream stream = streams.at(streams.count() - 1);
            exchanges.drop(stream, reason);
            remove(stream);
        }
    }

    /** Nothing can be sent any more. */
    void lost(Termination reason) {
        dropAll(reason);
        state = Http2State.CLOSED;
        if (reason == Termination.CLIENT_RESET || reason == Termination.CLIENT_CLOSED) {
            connection.closeNow();
        } else {
            connection.cutSocket();
        }
    }

    void noMemory() {
        if (isOpen()) {
            lost(Termination.WORKER_OVERLOAD);
        }
    }

    private void close() {
        state = Http2State.CLOSED;
        connection.lingerAfter();
    }

    /** The connection is closed: lets go of all memory. */
    void release() {
        assert streams.count() == 0;
        state = Http2State.CLOSED;
        input.release();
        output.release();
        connection = null;
        front.keep(this);
    }
}
