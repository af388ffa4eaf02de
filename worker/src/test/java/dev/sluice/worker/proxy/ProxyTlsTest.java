package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import dev.sluice.worker.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that speak TLS, as the JDK does it. */
class ProxyTlsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir
    static Path folder;

    private static TestCertificates peerCertificate;
    private static TestCertificates otherCertificate;

    private final ProxyHarness h = new ProxyHarness();
    private ScriptedPeer peer;

    @BeforeAll
    static void makeCertificates() throws Exception {
        peerCertificate = TestCertificates.make(folder, "peer", "dns:app.test,ip:127.0.0.1");
        otherCertificate = TestCertificates.make(folder, "other", "dns:other.test");
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        h.stop();
    }

    /** The keys of a location that passes over TLS. */
    private static Map<String, String> tls(boolean verify, String name, TestCertificates trusted,
            TestCertificates own, String... protocols) {
        Map<String, String> keys = new HashMap<>(Map.of("proxy_pass", "https://app",
                "proxy_ssl_verify", verify ? "on" : "off",
                "proxy_ssl_trusted_certificate", trusted.certificate().toString()));
        if (name != null) {
            keys.put("proxy_ssl_name", name);
        }
        if (own != null) {
            keys.put("proxy_ssl_certificate", own.certificate().toString());
            keys.put("proxy_ssl_certificate_key", own.key().toString());
        }
        if (protocols.length > 0) {
            keys.put("proxy_ssl_protocols", String.join(" ", protocols));
        }
        return keys;
    }

    private ScriptedPeer secure(boolean clientCertificate)
            throws IOException, GeneralSecurityException {
        return new ScriptedPeer(peerCertificate.context(otherCertificate), clientCertificate);
    }

    private void start(Map<String, String> tls) throws Exception {
        peer = secure(false);
        startWith(tls);
    }

    private void startWith(Map<String, String> tls) throws Exception {
        tls.forEach(h::location);
        h.peer(peer).start();
    }

    @Test
    void passesRequestsOverOneKeptConnection() throws Exception {
        for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
            peer = secure(false);
            ProxyHarness one = new ProxyHarness();
            tls(true, null, peerCertificate, null, version).forEach(one::location);
            one.peer(peer).start();
            peer.script(p -> {
                p.serve(OK);
                for (int i = 0; i < 3; i++) {
                    p.readHead();
                    p.send(OK);
                }
            });
            for (int i = 0; i < 4; i++) {
                assertEquals("ok", one.get("/" + i).bodyText(), version);
            }
            peer.join();
            assertEquals(1, one.count(0, PeerCounterId.CONNECTS), version);
            one.assertQuiet();
            one.stop();
            peer.close();
        }
        start(tls(true, null, peerCertificate, null));
    }

    @Test
    void longBodiesArriveUnchangedBothWays() throws Exception {
        start(tls(true, null, peerCertificate, null));
        long seed = new Random().nextLong();
        System.out.println("ProxyTlsTest seed " + seed);
        Random random = new Random(seed);
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 700_000; i++) {
            body.append((char) ('a' + random.nextInt(26)));
        }
        AtomicReference<String> received = new AtomicReference<>();
        peer.script(p -> {
            p.accept();
            p.readHead();
            received.set(p.read(body.length()));
            p.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n");
            for (int at = 0; at < body.length();) {
                int end = Math.min(body.length(), at + 1 + random.nextInt(40_000));
                p.send(body.substring(at, end));
                at = end;
            }
        });
        ScriptedClient client = h.send(h.client(),
                "POST / HTTP/1.1\nHost: a\nContent-Length: " + body.length());
        h.run(() -> client.feed(body.toString(), true));
        h.await(client);
        peer.join();
        assertTrue(body.toString().equals(received.get()), "request");
        assertTrue(body.toString().equals(client.bodyText()), "response");
        h.assertQuiet();
    }

    @Test
    void asksForTheNameItWasToldAndVerifiesIt() throws Exception {
        start(tls(true, "app.test", peerCertificate, null));
        AtomicReference<String> asked = new AtomicReference<>();
        peer.script(p -> {
            p.serve(OK);
            ExtendedSSLSession session = (ExtendedSSLSession) p.session();
            asked.set(((SNIHostName) session.getRequestedServerNames().getFirst())
                    .getAsciiName());
        });
        assertEquals("ok", h.get("/").bodyText());
        peer.join();
        assertEquals("app.test", asked.get());
    }

    /** To programs in C it would be one of app.test (CVE-2009-2408). */
    @Test
    void aNameThatGoesOnBehindANulIsAnother() throws Exception {
        Instant now = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs()).minusSeconds(60);
        MadeCertificate own = new CertificateMaker("CN=app.test\\00.evil.test", now,
                now.plusSeconds(86_400)).with(Extension.subjectAlternativeName, false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName,
                                "app.test\0.evil.test"))).selfSigned();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        char[] password = {'x'};
        keys.setKeyEntry("own", own.key(), password, new Certificate[] {own.certificate()});
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        peer = new ScriptedPeer(context, false);
        Map<String, String> keysOfLocation = tls(true, "app.test", peerCertificate, null);
        keysOfLocation.put("proxy_ssl_trusted_certificate",
                Files.writeString(folder.resolve("nul.crt"), own.pem()).toString());
        startWith(keysOfLocation);
        refuses(Termination.UPSTREAM_TLS_UNTRUSTED);
    }

    private void refuses(Map<String, String> tls, Termination why) throws Exception {
        start(tls);
        refuses(why);
    }

    private void refuses(Termination why) throws Exception {
        peer.script(p -> {
            p.accept();
            try {
                p.readHead();
            } catch (IOException alert) {
                // The handshake fails on this side too.
                return;
            }
        });
        ScriptedClient client = h.get("/");
        assertEquals(502, client.exchange.status);
        assertSame(why, client.exchange.upstreamError);
        h.assertQuiet();
    }

    @Test
    void aNameThatTheCertificateDoesNotHaveIsRefused() throws Exception {
        refuses(tls(true, "wrong.test", peerCertificate, null),
                Termination.UPSTREAM_TLS_UNTRUSTED);
    }

    @Test
    void anAuthorityThatIsNotTrustedIsRefused() throws Exception {
        refuses(tls(true, null, otherCertificate, null), Termination.UPSTREAM_TLS_UNTRUSTED);
        assertTrue(h.logged.toString().contains("the certificate of the upstream is not accepted"),
                h.logged.toString());
    }

    @Test
    void nothingIsVerifiedWhereTheOperatorSaysSo() throws Exception {
        start(tls(false, "wrong.test", otherCertificate, null));
        peer.script(p -> p.serve(OK));
        assertEquals("ok", h.get("/").bodyText());
    }

    @Test
    void showsItsOwnCertificate() throws Exception {
        peer = secure(true);
        startWith(tls(true, null, peerCertificate, otherCertificate));
        AtomicReference<String> shown = new AtomicReference<>();
        peer.script(p -> {
            p.serve(OK);
            shown.set(p.session().getPeerPrincipal().getName());
        });
        assertEquals("ok", h.get("/").bodyText());
        peer.join();
        assertEquals("CN=other", shown.get());
    }

    @Test
    void aPeerThatSpeaksPlainTextFailsTheHandshake() throws Exception {
        peer = new ScriptedPeer();
        startWith(tls(true, null, peerCertificate, null));
        peer.script(p -> {
            p.accept();
            p.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            p.readToEnd();
        });
        ScriptedClient client = h.get("/");
        assertEquals(502, client.exchange.status);
        assertSame(Termination.UPSTREAM_TLS_FAILED, client.exchange.upstreamError);
        h.assertQuiet();
    }

    @Test
    void aPeerThatIsSilentInTheHandshakeTimesOut() throws Exception {
        peer = new ScriptedPeer();
        startWith(tls(true, null, peerCertificate, null));
        peer.script(p -> {
            p.accept();
            p.readToEnd();
        });
        ScriptedClient client = h.send(h.client(), "GET / HTTP/1.1\nHost: a");
        h.until(() -> peer.connectionCount == 1);
        assertEquals(1, client.done.getCount());
        h.step(5_001);
        h.await(client);
        assertEquals(504, client.exchange.status);
        assertSame(Termination.UPSTREAM_CONNECT_TIMEOUT, client.exchange.upstreamError);
        h.assertQuiet();
    }

    /** Without close_notify anybody may have cut the connection. */
    @Test
    void aBodyUntilCloseMustEndWithCloseNotify() throws Exception {
        start(tls(true, null, peerCertificate, null));
        peer.script(p -> {
            p.serve("HTTP/1.1 200 OK\r\n\r\npart");
            p.cut();
        });
        ScriptedClient client = h.get("/");
        assertSame(Termination.UPSTREAM_CUT_BODY, client.exchange.termination);
    }

    @Test
    void sessionsAreResumed() throws Exception {
        h.upstream("keepalive", "0");
        start(tls(true, null, peerCertificate, null, "TLSv1.2"));
        List<byte[]> sessions = new CopyOnWriteArrayList<>();
        peer.script(p -> {
            for (int i = 0; i < 2; i++) {
                p.serve(OK);
                sessions.add(p.session().getId());
                p.readToEnd();
            }
        });
        assertEquals("ok", h.get("/1").bodyText());
        assertEquals("ok", h.get("/2").bodyText());
        peer.join();
        assertEquals(2, h.count(0, PeerCounterId.CONNECTS));
        assertArrayEquals(sessions.get(0), sessions.get(1));
    }
}
