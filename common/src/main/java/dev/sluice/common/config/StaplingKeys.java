package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.SERVER;

import dev.sluice.common.ocsp.OcspQuestion;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;

/** The part of the table for OCSP stapling. Written at boot, then read-only. */
public final class StaplingKeys {

    public static final ConfigKey<Boolean> SSL_STAPLING = ConfigKey.single("ssl_stapling",
            Scalars.FLAG, "off",
            "Whether clients get, beside a certificate, what its authority says of it (OCSP"
                    + " stapling). The responder that the certificate names is asked by one worker,"
                    + " in good time before an answer ends; while none is there, clients get none.",
            HTTP, SERVER);

    public static final ConfigKey<String> SSL_STAPLING_FILE = ConfigKey.single(
            "ssl_stapling_file", Scalars.PATH, null,
            "A file with the answer about the first certificate, in DER, that somebody else keeps"
                    + " fresh; nobody is asked then.", HTTP, SERVER)
            .shows("/etc/sluice/tls/example.com.ocsp");

    public static final ConfigKey<String> SSL_STAPLING_RESPONDER = ConfigKey.single(
            "ssl_stapling_responder", new ResponderUrl(), null,
            "Who is asked in place of the responder that the certificate names.", HTTP, SERVER)
            .shows("http://ocsp.example.com/");

    public static final ConfigKey<Boolean> SSL_STAPLING_VERIFY = ConfigKey.single(
            "ssl_stapling_verify", Scalars.FLAG, "on",
            "Whether answers must be signed by the certificate's issuer, or by somebody whom it"
                    + " names for that.", HTTP, SERVER);

    static final List<ConfigKey<?>> ALL = List.of(SSL_STAPLING, SSL_STAPLING_FILE,
            SSL_STAPLING_RESPONDER, SSL_STAPLING_VERIFY);

    private StaplingKeys() {
    }

    /**
     * Null when clients get no answers.
     *
     * @param files the content of certificates; gets that of an answer; null when no file is read
     */
    static StaplingConfig check(Scope server, List<CertificateConfig> certificates,
            Problems problems, HandedFiles files) {
        boolean on = server.value(SSL_STAPLING) && !certificates.isEmpty();
        String file = on ? server.given(SSL_STAPLING_FILE) : null;
        if (files != null) {
            for (CertificateConfig one : certificates) {
                byte[] content = files.content(one.certificate());
                if (content != null) {
                    look(server, one.certificate(), content, on, problems);
                }
            }
            if (file != null) {
                String wrong = new CertificateIntake(files).staple(file,
                        certificates.getFirst().certificate());
                if (wrong != null) {
                    problems.error(server.nearest(SSL_STAPLING_FILE).own(SSL_STAPLING_FILE)
                            .getFirst().value().at(), "\"ssl_stapling_file\": " + wrong);
                }
            }
        }
        return on ? new StaplingConfig(file, server.given(SSL_STAPLING_RESPONDER),
                server.value(SSL_STAPLING_VERIFY)) : null;
    }

    private static void look(Scope server, String path, byte[] content, boolean on,
            Problems problems) {
        SourceLine at = server.nearest(TlsKeys.SSL_CERTIFICATE)
                .own(TlsKeys.SSL_CERTIFICATE).getFirst().value().at();
        try {
            X509Certificate[] chain = PemFiles.certificates(content).stream()
                    .map((Certificate one) -> (X509Certificate) one)
                    .toArray(X509Certificate[]::new);
            // Asked of the JDK first, since the library behind the question takes long to load.
            if (!on && chain[0].getExtensionValue(OcspQuestion.TLS_FEATURE) != null
                    && OcspQuestion.mustStaple(chain[0])) {
                problems.warn(at, "\"" + path + "\" must be shown with an answer of its authority"
                        + " (RFC 7633), or clients refuse it", "set ssl_stapling = on");
            } else if (on && chain.length < 2) {
                problems.warn(at, "\"" + path + "\" cannot be stapled: its issuer is not known",
                        "put the issuer's certificate behind it into the file");
            } else if (on && server.given(SSL_STAPLING_FILE) == null
                    && server.given(SSL_STAPLING_RESPONDER) == null
                    && OcspQuestion.responder(chain[0]) == null) {
                problems.warn(at, "\"" + path + "\" cannot be stapled: it names no responder",
                        "set ssl_stapling_responder or ssl_stapling_file, or ssl_stapling = off");
            }
        } catch (GeneralSecurityException said) {
            // The check of the file has told it.
        }
    }

    private static final class ResponderUrl implements ValueType<String> {

        @Override
        public String name() {
            return "a URL";
        }

        @Override
        public String form() {
            return "http:// and a host";
        }

        @Override
        public String parse(Value value) throws BadValue {
            String word = value.word();
            if (!word.matches("http://[A-Za-z0-9._\\[\\]:-]+(/[!-~]*)?")) {
                throw new BadValue("\"" + word + "\" is no URL of a responder");
            }
            return word;
        }
    }
}
