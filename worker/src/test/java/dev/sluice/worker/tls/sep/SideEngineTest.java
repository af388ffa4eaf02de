package dev.sluice.worker.tls.sep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.MadeCertificate;
import dev.sluice.common.identity.TrialPki;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.Offload;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCSSLEngine;
import org.bouncycastle.jsse.BCSSLParameters;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Handshakes that are made beside the loop, by a side that works when it is told to. */
class SideEngineTest {

    private static final String CCM_8 = "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8";
    private static final int BYTES = 64 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private static final class Side implements Offload {
        private Supplier<Runnable> work;
        private boolean full;

        @Override
        public boolean submit(EventLoop loop, Supplier<Runnable> one) {
            assertFalse(work != null, "one record at a time");
            work = full ? null : one;
            return !full;
        }

        private void run() {
            Supplier<Runnable> one = work;
            work = null;
            one.get().run();
        }
    }

    private final Side side = new Side();
    private final ByteBuffer toServer = ByteBuffer.allocate(BYTES);
    private final ByteBuffer toClient = ByteBuffer.allocate(BYTES);
    private final ByteBuffer plain = ByteBuffer.allocate(BYTES);
    private SSLEngine client;
    private SideEngine server;
    private int wakeCount;

    @BeforeEach
    void makeEngines() throws Exception {
        BouncyCastleProvider crypto = new BouncyCastleProvider();
        Provider tls = new BouncyCastleJsseProvider(crypto);
        TrialPki pki = new TrialPki(Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs()));
        MadeCertificate own = pki.server(List.of("der.test"));
        X509Certificate[] chain = {own.certificate(), pki.issuer.certificate()};
        KeyStore keys = KeyStore.getInstance("PKCS12", crypto);
        keys.load(null, null);
        keys.setKeyEntry("own", own.key(), null, chain);
        KeyManagerFactory keyFactory = KeyManagerFactory.getInstance("PKIX", tls);
        keyFactory.init(keys, null);
        SSLContext both = SSLContext.getInstance("TLSv1.2", tls);
        both.init(keyFactory.getKeyManagers(), new TrustManager[] {
            new DeviceTrust(List.of(chain), false, crypto, tls)}, null);
        BCSSLParameters parameters = new BCSSLParameters(
                new String[] {CCM_8}, new String[] {"TLSv1.2"});
        parameters.setNeedClientAuth(true);
        SSLEngine engine = both.createSSLEngine();
        engine.setUseClientMode(false);
        ((BCSSLEngine) engine).setParameters(parameters);
        server = new SideEngine(engine, null, side);
        server.onWake(() -> wakeCount++);
        server.begin();
        client = both.createSSLEngine();
        client.setUseClientMode(true);
        client.setEnabledProtocols(new String[] {"TLSv1.2"});
        client.setEnabledCipherSuites(new String[] {CCM_8});
        client.beginHandshake();
    }

    /** The client goes on as far as it can. */
    private void clientTurn() throws SSLException {
        while (true) {
            switch (client.getHandshakeStatus()) {
                case NEED_WRAP -> client.wrap(NOTHING, toServer);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    toClient.flip();
                    int before = toClient.remaining();
                    client.unwrap(toClient, plain.clear());
                    boolean stuck = toClient.remaining() == before;
                    toClient.compact();
                    if (stuck) {
                        return;
                    }
                }
                case NEED_TASK -> client.getDelegatedTask().run();
                default -> {
                    return;
                }
            }
        }
    }

    /** The server takes what there is, each record beside. */
    private void serverTurn() throws SSLException {
        toServer.flip();
        while (server.status() == HandshakeStatus.NEED_UNWRAP && toServer.hasRemaining()) {
            int wakes = wakeCount;
            server.unwrap(toServer, plain.clear());
            assertEquals(HandshakeStatus.NEED_TASK, server.status());
            assertFalse(server.runTasks(), "the loop does not do it");
            int length = toClient.position();
            server.wrap(NOTHING, toClient);
            assertEquals(length, toClient.position(), "nothing is sent meanwhile");
            side.run();
            assertEquals(wakes + 1, wakeCount);
            while (server.status() == HandshakeStatus.NEED_WRAP) {
                server.wrap(NOTHING, toClient);
            }
        }
        toServer.compact();
    }

    @Test
    void eachRecordIsWorkBeside() throws Exception {
        for (int i = 0; i < 4; i++) {
            clientTurn();
            serverTurn();
        }
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, client.getHandshakeStatus());
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, server.status());
        assertEquals(CCM_8, server.engine().getSession().getCipherSuite());
        int wakes = wakeCount;
        assertTrue(wakes >= 2, wakes + " records");
        // Data is the loop's.
        client.wrap(ByteBuffer.wrap(new byte[] {1, 2, 3}), toServer);
        toServer.flip();
        server.unwrap(toServer, plain.clear());
        assertEquals(3, plain.position());
        assertEquals(wakes, wakeCount);
    }

    @Test
    void failureBesideIsTold() throws Exception {
        ByteBuffer noHello = ByteBuffer.wrap(new byte[] {22, 3, 3, 0, 4, 99, 0, 0, 0});
        server.unwrap(noHello, plain.clear());
        side.run();
        assertEquals(HandshakeStatus.NEED_WRAP, server.status());
        assertThrows(SSLException.class, () -> server.wrap(NOTHING, toClient));
    }

    @Test
    void failsWhenTooManyWait() throws Exception {
        side.full = true;
        clientTurn();
        toServer.flip();
        SSLException told = assertThrows(SSLException.class,
                () -> server.unwrap(toServer, plain.clear()));
        assertNotNull(told.getMessage());
    }

    @Test
    void nobodyIsWokenOnceItIsReleased() throws Exception {
        clientTurn();
        toServer.flip();
        server.unwrap(toServer, plain.clear());
        server.release();
        side.run();
        assertEquals(0, wakeCount);
    }
}
