package dev.sluice.worker.tls;

import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** A library that is reached by way of the JDK's interface. Owner: event loop. */
public final class JsseEngine implements TlsEngine {

    private final SSLEngine engine;

    public JsseEngine(SSLEngine engine) {
        this.engine = engine;
    }

    /** For its session: protocol, suite, certificates. */
    public SSLEngine engine() {
        return engine;
    }

    @Override
    public HandshakeStatus status() {
        return engine.getHandshakeStatus();
    }

    @Override
    public void begin() throws SSLException {
        engine.beginHandshake();
    }

    @Override
    public Status unwrap(ByteBuffer records, ByteBuffer plain) throws SSLException {
        return engine.unwrap(records, plain).getStatus();
    }

    @Override
    public void wrap(ByteBuffer plain, ByteBuffer records) throws SSLException {
        engine.wrap(plain, records);
    }

    @Override
    public boolean runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null;
                task = engine.getDelegatedTask()) {
            task.run();
        }
        return true;
    }

    @Override
    public String applicationProtocol() {
        return engine.getApplicationProtocol();
    }

    @Override
    public void close() {
        engine.closeOutbound();
    }

    @Override
    public void release() {
        ReferenceCountUtil.release(engine);
    }
}
