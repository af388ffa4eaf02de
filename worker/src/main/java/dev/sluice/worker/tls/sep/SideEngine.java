package dev.sluice.worker.tls.sep;

import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.Offload;
import dev.sluice.worker.tls.JsseEngine;
import dev.sluice.worker.tls.TlsEngine;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * An engine whose handshake is too long for the loop: each record of it is taken apart, and
 * answered, on a thread beside. Behind the handshake the loop has the engine for itself, as the
 * records of data are short work.
 *
 * <pre>
 *   listening ──record──► busy ──answer──► owing ──sent──► listening, or shaken
 *                           └────────────── failed: the alert is sent, then told ──► failed
 * </pre>
 *
 * <p>Owner: event loop; the engine is the side thread's while this is busy.
 */
final class SideEngine implements TlsEngine {

    private static final int HEADER_BYTES = 5;
    private static final int RECORD_MAX = HEADER_BYTES + 16 * 1024 + 2048;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final byte[] NONE = {};

    /** What the side thread has made of a record. */
    private record Outcome(byte[] records, boolean shaken, SSLException failure) {
    }

    private final JsseEngine engine;
    private final EventLoop loop;
    private final Offload side;
    private Runnable wake;
    private boolean busy;
    private boolean shaken;
    /** Records that are to be sent; empty for none. */
    private byte[] owed = NONE;
    private SSLException failure;

    SideEngine(SSLEngine engine, EventLoop loop, Offload side) {
        this.engine = new JsseEngine(engine);
        this.loop = loop;
        this.side = side;
    }

    /** For what the handshake has settled. */
    SSLEngine engine() {
        return engine.engine();
    }

    @Override
    public void onWake(Runnable action) {
        wake = action;
    }

    @Override
    public HandshakeStatus status() {
        if (busy) {
            return HandshakeStatus.NEED_TASK;
        }
        if (owed.length > 0 || failure != null) {
            return HandshakeStatus.NEED_WRAP;
        }
        return shaken ? engine.status() : HandshakeStatus.NEED_UNWRAP;
    }

    @Override
    public void begin() throws SSLException {
        engine.begin();
    }

    @Override
    public Status unwrap(ByteBuffer records, ByteBuffer plain) throws SSLException {
        if (shaken) {
            return engine.unwrap(records, plain);
        }
        byte[] record = firstRecord(records);
        if (busy || record == null) {
            return Status.BUFFER_UNDERFLOW;
        }
        busy = true;
        if (!side.submit(loop, () -> {
            Outcome outcome = answer(record);
            return () -> answered(outcome);
        })) {
            busy = false;
            throw new SSLException("too many handshakes wait for their turn");
        }
        return Status.OK;
    }

    private static byte[] firstRecord(ByteBuffer records) {
        int there = records.remaining();
        int at = records.position();
        if (there < HEADER_BYTES) {
            return null;
        }
        int length = HEADER_BYTES + (records.get(at + 3) & 0xff) * 256
                + (records.get(at + 4) & 0xff);
        // The library has the word for one that is too long.
        length = length > RECORD_MAX ? HEADER_BYTES : length;
        if (there < length) {
            return null;
        }
        byte[] record = new byte[length];
        records.get(record);
        return record;
    }

    /** On the side thread. */
    private Outcome answer(byte[] record) {
        SSLException wrong = null;
        try {
            engine.unwrap(ByteBuffer.wrap(record), ByteBuffer.allocate(RECORD_MAX));
        } catch (SSLException e) {
            wrong = e;
        } catch (RuntimeException e) {
            // What a stranger has sent is no reason to fail otherwise.
            wrong = new SSLException("the library cannot read it", e);
        }
        byte[] made = NONE;
        try {
            int before = -1;
            while (engine.status() == HandshakeStatus.NEED_WRAP && made.length > before) {
                before = made.length;
                made = joined(made, nextRecord());
            }
        } catch (SSLException e) {
            // The library tells now what was wrong with the record.
            wrong = e;
        }
        if (wrong != null) {
            made = joined(made, alert());
        }
        return new Outcome(made, wrong == null
                && engine.status() == HandshakeStatus.NOT_HANDSHAKING, wrong);
    }

    private byte[] nextRecord() throws SSLException {
        ByteBuffer out = ByteBuffer.allocate(RECORD_MAX);
        engine.wrap(NOTHING, out);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] joined(byte[] some, byte[] more) {
        byte[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    /** It comes behind the failure that it is about. */
    private byte[] alert() {
        try {
            return nextRecord();
        } catch (SSLException again) {
            return NONE;
        }
    }

    private void answered(Outcome outcome) {
        busy = false;
        owed = outcome.records();
        shaken = outcome.shaken();
        failure = outcome.failure();
        wake.run();
    }

    @Override
    public void wrap(ByteBuffer plain, ByteBuffer records) throws SSLException {
        if (busy) {
            return;
        }
        if (owed.length > 0) {
            records.put(owed);
            owed = NONE;
        } else if (failure != null) {
            SSLException told = failure;
            failure = null;
            throw told;
        } else {
            engine.wrap(plain, records);
        }
    }

    @Override
    public boolean runTasks() {
        return !busy && engine.runTasks();
    }

    @Override
    public String applicationProtocol() {
        return engine.applicationProtocol();
    }

    @Override
    public void close() {
        if (!busy) {
            engine.close();
        }
    }

    @Override
    public void release() {
        // What is under way comes to its end beside; the collector has the rest.
        wake = () -> { };
    }
}
