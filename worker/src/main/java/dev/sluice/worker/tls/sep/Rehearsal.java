package dev.sluice.worker.tls.sep;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.bouncycastle.jsse.BCSSLEngine;
import org.bouncycastle.jsse.BCSSLParameters;

/**
 * Handshakes of a server with itself in memory, each side showing the server's own certificate and
 * trusting it. The first loads several hundred classes, which takes half a second. Boot only.
 */
final class Rehearsal {

    private static final int HANDSHAKES = 5;
    /** A handshake of TLS 1.2 takes about ten on each side. */
    private static final int STEPS_MAX = 100;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ByteBuffer toServer = ByteBuffer.allocate(BUFFER_BYTES);
    private final ByteBuffer toClient = ByteBuffer.allocate(BUFFER_BYTES);
    private final ByteBuffer plain = ByteBuffer.allocate(BUFFER_BYTES);
    private final ByteBuffer nothing = ByteBuffer.allocate(0);

    private Rehearsal() {
    }

    /**
     * @param both makes engines of both sides
     * @param parameters of the server's
     * @return how many handshakes came to their end
     */
    static int run(SSLContext both, BCSSLParameters parameters) {
        int done = 0;
        try {
            for (int i = 0; i < HANDSHAKES; i++) {
                SSLEngine server = both.createSSLEngine();
                server.setUseClientMode(false);
                ((BCSSLEngine) server).setParameters(parameters);
                SSLEngine client = both.createSSLEngine();
                client.setUseClientMode(true);
                client.setEnabledProtocols(parameters.getProtocols());
                client.setEnabledCipherSuites(parameters.getCipherSuites());
                done += new Rehearsal().shake(client, server) ? 1 : 0;
            }
        } catch (SSLException | RuntimeException failed) {
            // A certificate that has expired, say: clients will tell, and be told.
            return done;
        }
        return done;
    }

    private boolean shake(SSLEngine client, SSLEngine server) throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        for (int i = 0; i < STEPS_MAX; i++) {
            boolean clientDone = step(client, toClient, toServer);
            if (step(server, toServer, toClient) && clientDone) {
                return true;
            }
        }
        return false;
    }

    /** @return whether the engine has nothing more to do */
    private boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_WRAP -> engine.wrap(nothing, out);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                in.flip();
                engine.unwrap(in, plain.clear());
                in.compact();
            }
            case NEED_TASK -> engine.getDelegatedTask().run();
            default -> {
                return true;
            }
        }
        return false;
    }
}
