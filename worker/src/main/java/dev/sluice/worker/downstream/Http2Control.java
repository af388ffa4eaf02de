package dev.sluice.worker.downstream;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http2.ErrorCode;
import dev.sluice.worker.http2.Flood;
import dev.sluice.worker.http2.Frame;
import dev.sluice.worker.http2.FrameType;
import dev.sluice.worker.http2.FrameWriter;
import dev.sluice.worker.http2.Settings;
import java.nio.ByteBuffer;

/**
 * The frames that carry no part of a message: they are cheap to send, so they are counted.
 *
 * <p>Owner: event loop.
 */
final class Http2Control {

    private final Http2Session session;
    private final Http2Input input;

    Http2Control(Http2Session session, Http2Input input) {
        this.session = session;
        this.input = input;
    }

    /** Any frame but DATA, HEADERS and CONTINUATION. */
    void take(Frame f, ByteBuffer b) {
        switch (f.type) {
            case FrameType.RST_STREAM -> reset(f, b);
            case FrameType.SETTINGS -> settings(f, b);
            case FrameType.PUSH_PROMISE ->
                    session.broken(ErrorCode.PROTOCOL_ERROR, "a client cannot push");
            case FrameType.PING -> ping(f, b);
            case FrameType.WINDOW_UPDATE -> windowUpdate(f, b);
            // PRIORITY, GOAWAY, and what is not known (RFC 9113 §5.5), say nothing to a server.
            default -> count();
        }
    }

    /** One more that says nothing. */
    void count() {
        if (session.guard.isTooMuch(Flood.CONTROL_FRAMES, session.connection.nowNs())) {
            session.flood(Flood.CONTROL_FRAMES);
        }
    }

    /** Whether a frame came for a stream that was never opened (RFC 9113 §5.1, idle). */
    boolean isIdle(int id) {
        if (id <= session.lastStream() && (id & 1) == 1) {
            return false;
        }
        session.broken(ErrorCode.PROTOCOL_ERROR, "a frame for a stream that is not open");
        return true;
    }

    private void reset(Frame f, ByteBuffer b) {
        Http2Stream stream = session.streams.find(f.stream);
        if (stream == null && isIdle(f.stream)) {
            return;
        }
        if (session.guard.isTooMuch(Flood.RESETS, session.connection.nowNs())) {
            session.flood(Flood.RESETS);
        } else if (stream != null) {
            session.told(f.stream, "reset by the client", f.number(b));
            session.exchanges.resetByClient(stream);
        }
    }

    private void settings(Frame f, ByteBuffer b) {
        count();
        if (!session.isOpen() || f.has(FrameType.ACK)) {
            return;
        }
        Settings settings = session.settings;
        int before = settings.initialWindow;
        int error = settings.apply(b, f.from, f.to, true);
        if (error == ErrorCode.NO_ERROR && session.moveWindows(settings.initialWindow - before)) {
            error = ErrorCode.FLOW_CONTROL_ERROR;
        }
        if (error != ErrorCode.NO_ERROR) {
            session.broken(error, "a setting has a value that it cannot have");
            return;
        }
        ByteSink out = session.output.control(Frame.HEAD_BYTES);
        if (out == null) {
            session.noMemory();
            return;
        }
        session.told(0, "SETTINGS of the client taken", ConnectionSteps.NO_CODE);
        FrameWriter.settingsAck(out);
        session.output.controlDone();
    }

    private void ping(Frame f, ByteBuffer b) {
        count();
        if (!session.isOpen() || f.has(FrameType.ACK)) {
            return;
        }
        ByteSink out = session.output.control(FrameWriter.PING_BYTES);
        if (out == null) {
            session.noMemory();
            return;
        }
        FrameWriter.pingAck(out, b, f.from);
        session.output.controlDone();
    }

    private void windowUpdate(Frame f, ByteBuffer b) {
        if (session.guard.isUpdateTooMuch(session.connection.nowNs())) {
            session.flood(Flood.WINDOW_UPDATES);
            return;
        }
        int increment = f.number(b) & Integer.MAX_VALUE;
        if (f.stream == 0) {
            if (increment == 0) {
                session.broken(ErrorCode.PROTOCOL_ERROR, "a window update of 0");
            } else if (session.output.widen(increment)) {
                session.broken(ErrorCode.FLOW_CONTROL_ERROR, "a window above 2147483647");
            }
            return;
        }
        Http2Stream stream = session.streams.find(f.stream);
        if (stream == null) {
            isIdle(f.stream);
        } else if (increment == 0) {
            input.streamMistake(f.stream, ErrorCode.PROTOCOL_ERROR);
        } else if (stream.sendWindow > Integer.MAX_VALUE - increment) {
            input.streamMistake(f.stream, ErrorCode.FLOW_CONTROL_ERROR);
        } else {
            stream.sendWindow += increment;
            session.wakeBlocked(stream);
        }
    }
}
