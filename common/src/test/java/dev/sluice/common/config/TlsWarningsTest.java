package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import dev.sluice.common.ocsp.OcspQuestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told of certificates that can be used. */
class TlsWarningsTest {

    private static final Instant NOW = Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs());

    @TempDir
    Path folder;

    private static CertificateMaker maker(int days) throws IOException {
        return CertificateMaker.ofServer(List.of("a.test"), false, NOW.minus(Duration.ofDays(30)),
                NOW.plus(Duration.ofDays(days)));
    }

    private List<String> warnings(MadeCertificate own, String more, String... lines)
            throws Exception {
        Files.writeString(folder.resolve("a.crt"), own.pem() + more);
        Files.writeString(folder.resolve("a.key"), own.keyPem());
        LoadedConfig loaded = ConfigLoader.loadText("[server a]\nlisten = 127.0.0.1:8443 ssl\n"
                + "ssl_certificate = a.crt\nssl_certificate_key = a.key\n"
                + String.join("\n", lines), folder);
        assertEquals(List.of(), loaded.errors());
        return loaded.warnings().stream().map(ConfigError::message).toList();
    }

    private static void assertOne(String words, List<String> warnings) {
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.getFirst().contains(words), warnings.getFirst());
    }

    @Test
    void nothingOfAGoodOne() throws Exception {
        assertEquals(List.of(), warnings(maker(15).selfSigned(), ""));
    }

    @Test
    void itsEndWhenThatIsWithinAFortnight() throws Exception {
        assertOne("expires on", warnings(maker(13).selfSigned(), ""));
        assertOne("has expired on", warnings(maker(-1).selfSigned(), ""));
    }

    @Test
    void aChainThatIsNone() throws Exception {
        assertOne("is no chain", warnings(maker(90).selfSigned(),
                CertificateMaker.ofAuthority("CN=other", 0, NOW.minus(Duration.ofDays(1)),
                        NOW.plus(Duration.ofDays(90))).selfSigned().pem()));
    }

    @Test
    void anAnswerOfItsAuthorityThatItMustHave() throws Exception {
        MadeCertificate must = maker(90).with(
                new ASN1ObjectIdentifier(OcspQuestion.TLS_FEATURE), false,
                new DERSequence(new ASN1Integer(5))).selfSigned();
        assertOne("must be shown with an answer of its authority", warnings(must, ""));
    }

    @Test
    void anAnswerThatNobodyCanBeAskedFor() throws Exception {
        MadeCertificate authority = CertificateMaker.ofAuthority("CN=authority", 0,
                NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(90))).selfSigned();
        MadeCertificate own = maker(90).signedBy(authority);
        assertOne("its issuer is not known", warnings(own, "", "ssl_stapling = on"));
        assertOne("names no responder", warnings(own, authority.pem(), "ssl_stapling = on"));
        assertEquals(List.of(), warnings(own, authority.pem(), "ssl_stapling = on",
                "ssl_stapling_responder = http://127.0.0.1:8888/"));
    }
}
