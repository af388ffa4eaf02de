package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import dev.sluice.common.identity.TrialPki;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients of OpenSSL get, by what they can and show: a table for each question. */
final class TlsMatrixIT {

    private static final String SERVERS = """
            [server plain]
            listen = 127.0.0.1:@PORT@
            [server nobody]
            listen = 127.0.0.1:@PORT:tls@ ssl
            ssl_reject_handshake = on
            [server a]
            listen = 127.0.0.1:@PORT:tls@ ssl
            server_name = a.test
            %1$s
            ssl_certificate = %2$s/rsa.crt
            ssl_certificate_key = %2$s/rsa.key
            return = 200 "[a $ssl_protocol $ssl_cipher $ssl_session_reused]"
            [server wild]
            listen = 127.0.0.1:@PORT:tls@ ssl
            server_name = *.wild.test
            %1$s
            return = 200 "[wild $ssl_server_name]"
            [server two]
            listen = 127.0.0.1:@PORT:tls@ ssl
            server_name = two.test
            http2 = on
            %1$s
            return = 200 "[two]"
            [server on]
            listen = 127.0.0.1:@PORT:tls@ ssl
            server_name = on.test
            %1$s
            ssl_verify_client = on
            ssl_client_certificate = %2$s/ca.crt
            ssl_crl = %2$s/ca.crl
            return = 200 "[on $ssl_client_verify $ssl_client_s_dn $ssl_session_reused]"
            [server optional]
            listen = 127.0.0.1:@PORT:tls@ ssl
            server_name = optional.test
            %1$s
            ssl_verify_client = optional
            ssl_client_certificate = %2$s/ca.crt
            return = 200 "[optional $ssl_client_verify]"
            [server noca]
            listen = 127.0.0.1:@PORT:tls@ ssl
            server_name = noca.test
            %1$s
            ssl_verify_client = optional_no_ca
            return = 200 "[noca $ssl_client_verify]"
            [server der]
            listen = 127.0.0.1:@PORT:der@ ssl
            http2 = on
            tls_profile = ieee2030.5
            ssl_certificate = %2$s/server.crt
            ssl_certificate_key = %2$s/server.key
            ssl_client_certificate = %2$s/serca.crt
            return = 200 "[der $ssl_cipher $ssl_client_sfdi $ssl_session_reused]"
            [server strict]
            listen = 127.0.0.1:@PORT:der@ ssl
            server_name = strict.test
            tls_profile = ieee2030.5-strict
            ssl_certificate = %2$s/server.crt
            ssl_certificate_key = %2$s/server.key
            ssl_client_certificate = %2$s/serca.crt
            return = 200 "[strict $ssl_cipher]"
            """;
    private static final String OLD = " -cipher DEFAULT@SECLEVEL=0";
    private static final String CCM8 = "-cipher ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0 ";
    private static final String REFUSED = "alert handshake failure";

    @TempDir
    static Path folder;
    private static RunningSluice sluice;
    /** What went otherwise than it should, in words. */
    private final List<String> wrong = new ArrayList<>();
    private int rows;

    @BeforeAll
    static void start() throws Exception {
        Instant now = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs());
        Instant from = now.minus(Duration.ofDays(2));
        Instant to = now.plus(Duration.ofDays(90));
        CertificateMaker.ofServer(List.of("a.test"), false, from, to).selfSigned()
                .write(folder, "ec");
        MadeCertificate root =
                CertificateMaker.ofAuthority("CN=root", 2, from, to).selfSigned();
        root.write(folder, "ca");
        new CertificateMaker("CN=good", from, to).signedBy(root).write(folder, "good");
        new CertificateMaker("CN=revoked", from, to).signedBy(root).write(folder, "revoked");
        OpenSsl.revoke(folder, "ca", "revoked");
        new CertificateMaker("CN=expired", from, now.minus(Duration.ofDays(1))).signedBy(root)
                .write(folder, "expired");
        new CertificateMaker("CN=stranger", from, to).selfSigned().write(folder, "stranger");
        new TrialPki(now).write(folder, List.of("der.test"), "0102");
        OpenSsl.run("req -x509 -newkey rsa:2048 -nodes -subj /CN=rsa -days 3 -keyout "
                + folder.resolve("rsa.key") + " -out " + folder.resolve("rsa.crt"));
        sluice = RunningSluice.with(SERVERS.formatted("ssl_certificate = " + folder
                + "/ec.crt\nssl_certificate_key = " + folder + "/ec.key", folder)).start();
    }

    @AfterAll
    static void stop() {
        sluice.close();
    }

    @AfterEach
    void noneWasWrong() {
        assertTrue(rows > 0);
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " of " + rows + " rows are wrong\n"
                + String.join("\n", wrong));
    }

    /** @param expected words that openssl must print; one that begins with ! it must not */
    private void row(String port, String options, String... expected) throws Exception {
        rows++;
        String seen = OpenSsl.client(sluice.port(port), options);
        for (String words : expected) {
            boolean must = words.charAt(0) != '!';
            if (seen.contains(must ? words : words.substring(1)) != must) {
                wrong.add("---- s_client " + options + "\nexpected: " + words + "\nseen: " + seen);
            }
        }
    }

    private void a(String options, String... expected) throws Exception {
        row("tls", "-servername a.test " + options, expected);
    }

    private static String shows(String name) {
        return " -cert " + folder.resolve(name + ".crt") + " -key " + folder.resolve(name + ".key")
                + (name.equals("device") ? " -cert_chain " + folder.resolve("mica.crt") : "");
    }

    /** Else the answer may have been cut, and OpenSSL forgets the session. */
    @Test
    void everyAnswerEndsWithCloseNotify() throws Exception {
        a("-tls1_3", "closed\n", "!unexpected eof");
        a("-tls1_2", "closed\n", "!unexpected eof");
        row("der", CCM8 + shows("device"), "closed\n", "!unexpected eof");
    }

    @Test
    void versions() throws Exception {
        a("-tls1_3", "[a TLSv1.3 TLS_AES_");
        a("-tls1_2", "[a TLSv1.2 ECDHE-ECDSA-");
        a("-tls1_1" + OLD, "alert protocol version", "![a");
        a("-tls1" + OLD, "alert protocol version", "![a");
        a("", "[a TLSv1.3 ", "Secure Renegotiation IS NOT supported");
        a("-tls1_2", "Secure Renegotiation IS supported", "Extended master secret: yes",
                "Compression: NONE");
    }

    @Test
    void suites() throws Exception {
        for (String strength : List.of("AES128-GCM-SHA256", "AES256-GCM-SHA384",
                "CHACHA20-POLY1305")) {
            for (String key : List.of("ECDSA", "RSA")) {
                String suite = "ECDHE-" + key + "-" + strength;
                a("-tls1_2 -cipher " + suite, "[a TLSv1.2 " + suite + " ");
            }
        }
        for (String suite : List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                "TLS_CHACHA20_POLY1305_SHA256")) {
            a("-tls1_3 -ciphersuites " + suite, "[a TLSv1.3 " + suite + " ");
        }
        for (String suite : List.of("ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES256-SHA384",
                "AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-CCM8",
                "AES256-SHA")) {
            a("-tls1_2 -cipher " + suite + ":@SECLEVEL=0", REFUSED, "![a");
        }
        a("-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256", REFUSED, "![a");
    }

    @Test
    void groups() throws Exception {
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            a(version + " -groups X25519", "Temp Key: X25519", "[a ");
            a(version + " -groups P-256", "Temp Key: ECDH, prime256v1", "[a ");
            a(version + " -groups P-384", "Temp Key: ECDH, secp384r1", "[a ");
            a(version + " -groups P-384:X25519", "Temp Key: ", "[a ");
            a(version + " -groups P-521", REFUSED, "![a");
            a(version + " -groups X448", REFUSED, "![a");
        }
    }

    @Test
    void certificatesByWhatTheClientCanVerify() throws Exception {
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            a(version, "Peer signature type: ECDSA", "subject=CN = a.test");
            a(version + " -sigalgs ECDSA+SHA256", "Peer signature type: ECDSA");
            a(version + " -sigalgs RSA-PSS+SHA256", "Peer signature type: RSA-PSS",
                    "subject=CN = rsa");
            a(version + " -sigalgs RSA-PSS+SHA256:ECDSA+SHA256", "Peer signature type: ECDSA");
            a(version + " -sigalgs ed25519", REFUSED, "![a");
        }
        a("-tls1_2 -sigalgs RSA+SHA256", "Peer signature type: RSA", "subject=CN = rsa");
    }

    @Test
    void names() throws Exception {
        row("tls", "-servername A.TEST", "[a ");
        row("tls", "-servername x.wild.test", "[wild x.wild.test]");
        row("tls", "-servername x.y.wild.test", "[wild ");
        for (String unknown : List.of("-servername wild.test", "-servername unknown.test",
                "-servername a.test.unknown", "-noservername")) {
            for (String version : List.of("-tls1_2 ", "-tls1_3 ")) {
                row("tls", version + unknown, "SSL alert number 112", "!HTTP/1.1",
                        "!a certificate");
            }
        }
    }

    @Test
    void protocols() throws Exception {
        for (String version : List.of("-tls1_2 ", "-tls1_3 ")) {
            row("tls", version + "-servername two.test -alpn h2,http/1.1", "ALPN protocol: h2");
            row("tls", version + "-servername two.test -alpn http/1.1", "ALPN protocol: http/1.1",
                    "[two]");
            row("tls", version + "-servername two.test", "No ALPN negotiated", "[two]");
            row("tls", version + "-servername two.test -alpn foo",
                    "alert no application protocol", "![two]");
            a(version + "-alpn h2,http/1.1", "ALPN protocol: http/1.1", "[a ");
            a(version + "-alpn h2", "alert no application protocol", "![a");
        }
        row("der", CCM8 + "-alpn h2,http/1.1" + shows("device"), "ALPN protocol: h2");
        row("der", CCM8 + "-alpn http/1.1" + shows("device"), "ALPN protocol: http/1.1", "[der ");
        row("der", CCM8 + "-alpn foo" + shows("device"), "alert no application protocol");
    }

    @Test
    void certificatesOfClients() throws Exception {
        String on = "-servername on.test";
        for (String version : List.of("-tls1_2 ", "-tls1_3 ")) {
            row("tls", version + on + shows("good"), "[on SUCCESS CN=good .]",
                    "Acceptable client certificate CA names\nCN = root");
            row("tls", version + on, "400 Bad Request", "No required SSL certificate was sent.");
            for (String bad : List.of("stranger", "expired", "revoked")) {
                row("tls", version + on + shows(bad), "The SSL certificate error.", "![on");
            }
            String optional = version + "-servername optional.test";
            row("tls", optional, "[optional NONE]");
            row("tls", optional + shows("good"), "[optional SUCCESS]");
            row("tls", optional + shows("revoked"), "[optional SUCCESS]");
            row("tls", optional + shows("stranger"), "The SSL certificate error.", "![optional");
            String noCa = version + "-servername noca.test";
            row("tls", noCa, "[noca NONE]");
            row("tls", noCa + shows("stranger"), "[noca FAILED:self-signed certificate]");
            row("tls", noCa + shows("good"), "[noca FAILED:unable to get local issuer");
            row("tls", noCa + shows("expired"), "The SSL certificate error.", "![noca");
        }
        a("" + shows("good"), "No client certificate CA names sent", "[a ");
    }

    /** A session that was made at one server is taken to another one, or to the same. */
    private void resumes(String port, String made, String used, String... expected)
            throws Exception {
        Path session = folder.resolve("session-" + rows);
        OpenSsl.client(sluice.port(port), made + " -sess_out " + session);
        assertTrue(Files.exists(session), made);
        row(port, used + " -sess_in " + session, expected);
    }

    @Test
    void sessions() throws Exception {
        // Nothing is kept here, so a session that is in no ticket gets no id.
        a("-tls1_2 -no_ticket", "Session-ID: \n", " .]");
        for (String version : List.of("-tls1_2 ", "-tls1_3 ")) {
            String a = version + "-servername a.test";
            resumes("tls", a, a, "Reused, TLSv1", " r]");
            String on = version + "-servername on.test" + shows("good");
            resumes("tls", on, on, "[on SUCCESS CN=good r]");
            // Without its key nobody proves it anew, and the session is good for it.
            resumes("tls", on, version + "-servername on.test", "[on SUCCESS CN=good r]");
            // Attack 35 of the list: from a server with weaker rules to one with stronger ones.
            String good = shows("good");
            for (String weak : List.of("a.test", "optional.test", "noca.test")) {
                resumes("tls", version + "-servername " + weak + good,
                        version + "-servername on.test", "New, TLSv1",
                        "No required SSL certificate was sent.", "![on");
            }
            resumes("tls", on, version + "-servername optional.test", "New, TLSv1",
                    "[optional NONE]");
        }
    }

    @Test
    void devices() throws Exception {
        String gcm = "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256 ";
        String device = shows("device");
        row("der", CCM8 + device, "[der ECDHE-ECDSA-AES128-CCM8 ", " .]",
                "Temp Key: ECDH, prime256v1", "Peer signing digest: SHA256");
        row("der", "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256"
                + ":ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0" + device,
                "[der ECDHE-ECDSA-AES128-CCM8 ");
        row("der", gcm + device, "[der ECDHE-ECDSA-AES128-GCM-SHA256 ");
        row("der", CCM8 + "-servername strict.test" + device, "[strict ECDHE-ECDSA-AES128-CCM8]");
        row("der", gcm + "-servername strict.test" + device, REFUSED, "![strict");
        row("der", CCM8, "alert", "!HTTP/1.1");
        row("der", CCM8 + shows("good"), "alert", "!HTTP/1.1");
        row("der", CCM8 + "-groups P-384" + device, REFUSED, "!HTTP/1.1");
        row("der", "-tls1_3" + device, "alert protocol version");
        row("der", "-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384" + device, REFUSED);
        resumes("der", CCM8 + device, CCM8 + device, "Reused, TLSv1.2", " r]");
    }
}
