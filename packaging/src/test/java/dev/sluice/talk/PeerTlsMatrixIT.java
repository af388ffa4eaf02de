package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers of OpenSSL, by what they can and show, and what we make of them. */
final class PeerTlsMatrixIT {

    @TempDir
    private Path folder;

    private void makeCertificates() throws Exception {
        Instant now = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs());
        Instant from = now.minus(Duration.ofDays(2));
        Instant to = now.plus(Duration.ofDays(90));
        MadeCertificate root = CertificateMaker.ofAuthority("CN=root", 2, from, to).selfSigned();
        root.write(folder, "ca");
        List<String> name = List.of("peer.test");
        CertificateMaker.ofServer(name, false, from, to).signedBy(root).write(folder, "peer");
        CertificateMaker.ofServer(name, false, from, to).selfSigned().write(folder, "stranger");
        CertificateMaker.ofServer(name, false, from, now.minus(Duration.ofDays(1)))
                .signedBy(root).write(folder, "expired");
        CertificateMaker.ofServer(name, false, from, to).signedBy(root).write(folder, "revoked");
        CertificateMaker.ofServer(List.of("other.test"), false, from, to).signedBy(root)
                .write(folder, "other");
        new CertificateMaker("CN=sluice", from, to).signedBy(root).write(folder, "own");
        OpenSsl.revoke(folder, "ca", "revoked");
        OpenSsl.run("req -x509 -newkey rsa:2048 -nodes -subj /CN=peer.test -addext"
                + " subjectAltName=DNS:peer.test -days 3 -keyout " + folder.resolve("rsa.key")
                + " -out " + folder.resolve("rsa.crt"));
    }

    /**
     * @param peer options of s_server, without its certificate
     * @param shown name of that
     * @param keys of the location, beside those that name the peer and trust the authority
     * @param expected words of the page that s_server sends; or a status
     */
    private record Row(String peer, String shown, String keys, String expected) {
    }

    private static final String REFUSED = "HTTP/1.1 502 ";
    private static final String OLD = " -cipher DEFAULT@SECLEVEL=0";
    private static final List<Row> ROWS = List.of(
            new Row("", "peer", "", "Protocol  : TLSv1.3"),
            new Row("-tls1_2", "peer", "", "Protocol  : TLSv1.2"),
            new Row("-tls1_1" + OLD, "peer", "", REFUSED),
            new Row("-tls1" + OLD, "peer", "", REFUSED),
            new Row("-tls1_3", "peer", "proxy_ssl_protocols = TLSv1.2", REFUSED),
            new Row("", "peer", "proxy_ssl_protocols = TLSv1.2", "Protocol  : TLSv1.2"),
            new Row("", "peer", "proxy_ssl_protocols = TLSv1.2\n"
                    + "proxy_ssl_ciphers = ECDHE-ECDSA-AES256-GCM-SHA384",
                    "Cipher    : ECDHE-ECDSA-AES256-GCM-SHA384"),
            new Row("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", "peer",
                    "proxy_ssl_ciphers = ECDHE-ECDSA-AES256-GCM-SHA384", REFUSED),
            new Row("-ciphersuites TLS_CHACHA20_POLY1305_SHA256", "peer", "",
                    "Cipher    : TLS_CHACHA20_POLY1305_SHA256"),
            new Row("-groups X25519", "peer", "", "Protocol  : TLSv1.3"),
            new Row("-groups P-256", "peer", "", "Protocol  : TLSv1.3"),
            new Row("-groups P-384 -tls1_2", "peer", "", "Protocol  : TLSv1.2"),
            new Row("", "rsa", "proxy_ssl_trusted_certificate = @FOLDER@/rsa.crt",
                    "Protocol  : TLSv1.3"),
            new Row("-tls1_2", "rsa", "proxy_ssl_trusted_certificate = @FOLDER@/rsa.crt",
                    "Protocol  : TLSv1.2"),
            new Row("", "stranger", "", REFUSED),
            new Row("", "expired", "", REFUSED),
            new Row("", "other", "", REFUSED),
            new Row("", "other", "proxy_ssl_verify = off", "Protocol  : TLSv1.3"),
            new Row("", "revoked", "", "Protocol  : TLSv1.3"),
            new Row("", "revoked", "proxy_ssl_crl = @FOLDER@/ca.crl", REFUSED),
            new Row("", "peer", "proxy_ssl_crl = @FOLDER@/ca.crl", "Protocol  : TLSv1.3"),
            new Row("-Verify 1 -CAfile @FOLDER@/ca.crt", "peer", "", REFUSED),
            new Row("-tls1_2 -Verify 1 -CAfile @FOLDER@/ca.crt", "peer", "", REFUSED),
            new Row("-Verify 1 -verify_return_error -CAfile @FOLDER@/ca.crt", "peer",
                    "proxy_ssl_certificate = @FOLDER@/own.crt\n"
                            + "proxy_ssl_certificate_key = @FOLDER@/own.key", "CN=sluice"),
            new Row("-servername peer.test -servername_fatal -cert2 @FOLDER@/peer.crt"
                    + " -key2 @FOLDER@/peer.key", "other", "", "Protocol  : TLSv1.3"),
            new Row("-servername else.test -servername_fatal -cert2 @FOLDER@/peer.crt"
                    + " -key2 @FOLDER@/peer.key", "peer", "", REFUSED));

    @Test
    void eachPeerIsSpokenToAsItsKeysSay() throws Exception {
        makeCertificates();
        var text = new StringBuilder("[server s]\nlisten = 127.0.0.1:@PORT@\n");
        for (int i = 0; i < ROWS.size(); i++) {
            String keys = ROWS.get(i).keys;
            text.append("[location s /").append(i)
                    .append("]\nproxy_pass = https://127.0.0.1:@PORT:p").append(i)
                    .append("@\nproxy_ssl_name = peer.test\n").append(keys).append('\n');
            if (!keys.contains("trusted") && !keys.contains("verify")) {
                text.append("proxy_ssl_trusted_certificate = @FOLDER@/ca.crt\n");
            }
        }
        List<String> wrong = new ArrayList<>();
        try (var sluice = RunningSluice.with(text.toString().replace("@FOLDER@",
                folder.toString())).start()) {
            for (int i = 0; i < ROWS.size(); i++) {
                Row row = ROWS.get(i);
                String options = row.peer.replace("@FOLDER@", folder.toString()) + " -cert "
                        + folder.resolve(row.shown + ".crt") + " -key "
                        + folder.resolve(row.shown + ".key");
                try (var peer = new OpenSsl.Server(sluice.port("p" + i), options);
                        RawClient client = sluice.client()) {
                    String seen = client.request("GET /" + i + " HTTP/1.1", "Host: a",
                            "Connection: close").readUntilClosed();
                    if (!seen.contains(row.expected)) {
                        wrong.add(row + "\npeer lives: " + peer.isAlive() + "\nseen: "
                                + seen);
                    }
                }
            }
            assertTrue(wrong.isEmpty(), () -> wrong.size() + " of " + ROWS.size()
                    + " rows are wrong\n" + String.join("\n", wrong) + sluice.errorLog());
        }
    }

    @Test
    void sessionsAreResumed() throws Exception {
        makeCertificates();
        List<String> versions = List.of("-tls1_2", "-tls1_3");
        var text = new StringBuilder("[server s]\nlisten = 127.0.0.1:@PORT@\n");
        for (String version : versions) {
            text.append("[location s /").append(version).append("]\nproxy_ssl_name = peer.test\n")
                    .append("proxy_pass = https://127.0.0.1:@PORT:").append(version.substring(1))
                    .append("@\nproxy_ssl_trusted_certificate = ").append(folder)
                    .append("/ca.crt\n");
        }
        try (var sluice = RunningSluice.with(text.toString()).start()) {
            for (String version : versions) {
                try (var peer = new OpenSsl.Server(sluice.port(version.substring(1)), version
                                + " -cert " + folder.resolve("peer.crt")
                                + " -key " + folder.resolve("peer.key"));
                        RawClient client = sluice.client()) {
                    String first = client.get("/" + version).response().text();
                    assertTrue(first.contains("\nNew, TLSv1"), first);
                    String second = client.get("/" + version).response().text();
                    assertTrue(second.contains("\nReused, TLSv1"), version + second);
                    assertTrue(peer.isAlive());
                }
            }
        }
    }
}
