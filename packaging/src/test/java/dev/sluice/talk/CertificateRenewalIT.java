package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** Certificates are renewed under a server that serves on with the same workers. */
final class CertificateRenewalIT {

    private static final String SERVERS = """
            [server plain]
            listen = 127.0.0.1:@PORT@
            [server renamed]
            listen = 127.0.0.1:@PORT:tls@ ssl
            server_name = renamed.test
            ssl_certificate = @DIR@/renamed.crt
            ssl_certificate_key = @DIR@/renamed.key
            return = 200 $ssl_session_reused
            [server mounted]
            listen = 127.0.0.1:@PORT:tls@ ssl
            server_name = mounted.test
            ssl_certificate = @DIR@/mount/tls.crt
            ssl_certificate_key = @DIR@/mount/tls.key
            return = 200
            [server rewritten]
            listen = 127.0.0.1:@PORT:tls@ ssl
            server_name = rewritten.test
            ssl_certificate = @DIR@/rewritten.crt
            ssl_certificate_key = @DIR@/rewritten.key
            return = 200
            """;
    private static final Instant NOW = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs());

    private final MadeCertificate authority;

    CertificateRenewalIT() throws Exception {
        authority = CertificateMaker.ofAuthority("CN=authority", 0, NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(900))).selfSigned();
    }

    private MadeCertificate made(String name) throws GeneralSecurityException, IOException {
        return CertificateMaker.ofServer(List.of(name), false, NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(90))).signedBy(authority);
    }

    @Test
    void newCertificatesAreShownHoweverTheirFilesChange() throws Exception {
        MadeCertificate renamed = made("renamed.test");
        MadeCertificate mounted = made("mounted.test");
        MadeCertificate rewritten = made("rewritten.test");
        RunningSluice kit = RunningSluice.with(SERVERS).http("ssl_certificate_watch = 1s");
        Path folder = kit.folder();
        write(folder, "renamed", renamed);
        write(folder, "rewritten", rewritten);
        Path mount = Files.createDirectory(folder.resolve("mount"));
        mount(mount, "v1", mounted);
        for (String file : List.of("tls.crt", "tls.key")) {
            Files.createSymbolicLink(mount.resolve(file), Path.of("..data/" + file));
        }
        try (var sluice = kit.start()) {
            List<Long> workers = sluice.workerPids();
            SecureClient before = new SecureClient(authority);
            int port = sluice.port("tls");
            assertEquals(".", before.get(port, "renamed.test", "/").text());
            try (RawClient open = before.connect(port, "renamed.test")) {
                MadeCertificate next = made("renamed.test");
                write(folder, "new", next);
                for (String kind : List.of(".crt", ".key")) {
                    Files.move(folder.resolve("new" + kind), folder.resolve("renamed" + kind),
                            StandardCopyOption.ATOMIC_MOVE);
                }
                MadeCertificate nextMounted = made("mounted.test");
                mount(mount, "v2", nextMounted);
                MadeCertificate nextRewritten = made("rewritten.test");
                write(folder, "rewritten", nextRewritten);
                awaitShown(port, "renamed.test", next);
                awaitShown(port, "mounted.test", nextMounted);
                awaitShown(port, "rewritten.test", nextRewritten);
                assertEquals(200, open.request("GET / HTTP/1.1", "Host: renamed.test")
                        .response().status(), "a connection of before");
                assertEquals("r", before.get(port, "renamed.test", "/").text(),
                        "a session of before");

                Files.writeString(folder.resolve("renamed.crt"), made("renamed.test").pem());
                sluice.awaitErrorLog("/renamed.key\" is not the key of \"");
                assertEquals(next.certificate(), shown(port, "renamed.test"));
                assertEquals(workers, sluice.workerPids());

                Processes.signal(workers.getFirst(), "KILL");
                Await.that("another worker", () -> sluice.workerPids().size() == 1
                        && !sluice.workerPids().equals(workers));
                awaitShown(port, "renamed.test", next);
                assertFalse(sluice.errorLog().contains("generation 2"));
            }
        }
    }

    private static void write(Path folder, String name, MadeCertificate made) throws Exception {
        Files.writeString(folder.resolve(name + ".crt"), made.pem());
        Files.writeString(folder.resolve(name + ".key"), made.keyPem());
    }

    /** As Kubernetes mounts a secret: the link to the folder of a version is renamed. */
    private static void mount(Path mount, String version, MadeCertificate made) throws Exception {
        write(Files.createDirectory(mount.resolve(version)), "tls", made);
        Path next = Files.createSymbolicLink(mount.resolve("..next"), Path.of(version));
        Files.move(next, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void awaitShown(int port, String name, MadeCertificate made) {
        Await.that("the new certificate of " + name,
                () -> shown(port, name).equals(made.certificate()));
    }

    /** To a client that has no session. */
    private X509Certificate shown(int port, String name)
            throws IOException, GeneralSecurityException {
        SecureClient stranger = new SecureClient(authority);
        try (SSLSocket socket = (SSLSocket) stranger.context().getSocketFactory().createSocket(
                new Socket("127.0.0.1", port), name, port, true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}
