package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module that looks at connections, and at what clients have shown in a handshake. */
final class ModuleConnectionsIT {

    private static final String SOURCE = """
            package outside;

            import dev.sluice.module.*;

            public final class Doorman implements SluiceModule {
                @Override
                public ModuleInstance open(ModuleContext context) {
                    ModuleLog log = context.log();
                    String closed = context.settings().text("closed");
                    context.onConnect(connection -> {
                        log.info("from " + connection.remoteAddress());
                        return !connection.listen().equals(closed);
                    });
                    context.onTlsPeer(peer -> {
                        log.info(peer.subject() + " " + peer.verified() + " "
                                + peer.fingerprint().length + " " + peer.protocol() + " "
                                + peer.serverName() + " " + peer.resumed());
                        return switch (peer.subject()) {
                            case "CN=forbidden" -> TlsPeerHook.Answer.FORBID;
                            case "CN=closed" -> TlsPeerHook.Answer.CLOSE;
                            default -> TlsPeerHook.Answer.ADMIT;
                        };
                    });
                    return (route, hooks) -> { };
                }
            }
            """;
    private static final String KEYS = """
            [closed]
            type = text
            sections = module
            doc = The address whose connections are closed.
            """;

    @TempDir
    Path folder;

    private static SecureClient client(MadeCertificate server, String name, Instant now)
            throws Exception {
        return new SecureClient(server, new CertificateMaker("CN=" + name,
                now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(90))).selfSigned());
    }

    @Test
    void connectionsAndCertificatesAreJudged() throws Exception {
        Instant now = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs());
        MadeCertificate made = Certificates.ofServer("a.test");
        try (var sluice = RunningSluice.with("""
                [module doorman]
                closed = 127.0.0.1:@PORT:closed@
                [server s]
                listen = 127.0.0.1:@PORT@
                listen = 127.0.0.1:@PORT:closed@
                listen = 127.0.0.1:@PORT:tls@ ssl
                ssl_certificate = @DIR@/s.crt
                ssl_certificate_key = @DIR@/s.key
                ssl_verify_client = optional_no_ca
                return = 200 "hello $ssl_client_s_dn"
                """).certificate(made)
                .main("modules = @DIR@/doorman.jar\n")
                .file("doorman.jar", OutsideModule.jar(folder, "doorman", SOURCE, KEYS)).start();
                var open = sluice.client();
                var closed = RawClient.connect(sluice.port("closed"))) {
            assertEquals("hello ", open.get("/").response().text());
            assertEquals("", closed.get("/").readUntilClosed());
            sluice.awaitErrorLog("module doorman: from 127.0.0.1");
            int port = sluice.port("tls");
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                assertEquals("hello CN=known", client(made, "known", now)
                        .get(port, "a.test", "/", protocol).text());
                SecureClient forbidden = client(made, "forbidden", now);
                assertEquals(403, forbidden.get(port, "a.test", "/", protocol).status());
                assertEquals(403, forbidden.get(port, "a.test", "/", protocol).status());
                SecureClient bad = client(made, "closed", now);
                assertThrows(IOException.class, () -> bad.get(port, "a.test", "/", protocol));
                assertEquals(200, new SecureClient(made).get(port, "a.test", "/", protocol)
                        .status());
            }
            sluice.awaitErrorLog("CN=known FAILED:self-signed certificate 32 TLSv1.3 a.test false");
            sluice.awaitErrorLog("a module refuses the client's certificate");
        }
    }
}
