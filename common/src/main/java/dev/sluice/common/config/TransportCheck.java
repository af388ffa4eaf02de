package dev.sluice.common.config;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.UpstreamTypes.ProxyPass;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Resolves what connections to a location's peers are like below HTTP. Owner: loading thread. */
final class TransportCheck {

    private final Problems problems;
    private final CertificateIntake intake;
    /** What is wrong with each file, empty for nothing: many locations share one. */
    private final Map<String, String> looked = new HashMap<>();

    /** @param files gets the content of certificates and keys */
    TransportCheck(Problems problems, HandedFiles files) {
        this.problems = problems;
        this.intake = new CertificateIntake(files);
    }

    /** @param at where a proxy_pass says so */
    TransportConfig check(Scope location, ProxyPass pass, SourceLine at, List<PeerConfig> peers,
            Scope upstream) {
        String bind = location.value(TransportKeys.PROXY_BIND);
        int proxyProtocol = location.value(TransportKeys.PROXY_PROTOCOL);
        boolean http2 = location.kind != SectionKind.STREAM
                && (location.value(TransportKeys.PROXY_HTTP_VERSION) == 2
                        || location.has(ProxyKeys.GRPC_PASS));
        if (http2 && proxyProtocol != 0) {
            problems.error(at,
                    "\"proxy_protocol\" names one client, but connections of HTTP/2 are shared",
                    "set \"proxy_http_version = 1.1\", or \"proxy_protocol = off\"");
        }
        return new TransportConfig(
                pass.secure() ? tls(location, at, peers) : null,
                bind.isEmpty() ? null : bind, proxyProtocol,
                upstream.value(TransportKeys.TCP_FASTOPEN),
                http2 ? new Http2PeerConfig(
                        location.value(TransportKeys.PROXY_HTTP2_MAX_STREAMS),
                        location.value(TransportKeys.PROXY_HTTP2_PING)) : null);
    }

    private ProxyTlsConfig tls(Scope location, SourceLine at, List<PeerConfig> peers) {
        boolean verify = location.value(TransportKeys.PROXY_SSL_VERIFY);
        String name = location.given(TransportKeys.PROXY_SSL_NAME);
        for (PeerConfig peer : peers) {
            checkPeer(peer, verify && name == null, at);
        }
        String trusted = location.value(TransportKeys.PROXY_SSL_TRUSTED_CERTIFICATE);
        String crl = verify ? location.given(TransportKeys.PROXY_SSL_CRL) : null;
        String certificate = location.given(TransportKeys.PROXY_SSL_CERTIFICATE);
        String key = location.given(TransportKeys.PROXY_SSL_CERTIFICATE_KEY);
        if ((certificate == null) != (key == null)) {
            problems.error(at, "\"proxy_ssl_certificate" + (key == null ? "" : "_key")
                    + "\" is set without \"proxy_ssl_certificate" + (key == null ? "_key" : "")
                    + "\"", "set both or neither");
        } else {
            checkFiles(location, verify ? trusted : null, crl, certificate, key, at);
        }
        String ciphers = location.given(TransportKeys.PROXY_SSL_CIPHERS);
        return new ProxyTlsConfig(verify,
                location.value(TransportKeys.PROXY_SSL_SERVER_NAME), name,
                verify ? trusted : null, crl,
                location.value(TransportKeys.PROXY_SSL_VERIFY_DEPTH), certificate, key,
                location.value(TransportKeys.PROXY_SSL_PROTOCOLS),
                ciphers == null ? "" : ciphers);
    }

    private void checkPeer(PeerConfig peer, boolean nameNeeded, SourceLine at) {
        if (peer.unixPath() != null) {
            if (nameNeeded) {
                problems.error(at, "the certificate of the peer \"" + peer.text() + "\" cannot be"
                        + " verified: a unix socket has no name",
                        "say which name it must prove: proxy_ssl_name = HOST");
            }
            return;
        }
        if (peer.port() == 80 && !peer.text().endsWith(":80")) {
            problems.error(peer.at(), "the peer \"" + peer.text() + "\" has no port and is spoken"
                    + " to over https at " + at, "write " + peer.text() + ":443");
        }
    }

    private void checkFiles(Scope location, String trusted, String crl, String certificate,
            String key, SourceLine at) {
        if (trusted != null) {
            report(location, TransportKeys.PROXY_SSL_TRUSTED_CERTIFICATE, at,
                    certificates(trusted));
        }
        if (crl != null) {
            report(location, TransportKeys.PROXY_SSL_CRL, at, revocations(crl, at));
        }
        if (certificate != null) {
            String wrong = certificates(certificate);
            report(location, TransportKeys.PROXY_SSL_CERTIFICATE, at, wrong);
            if (wrong == null) {
                String password = location.given(TransportKeys.PROXY_SSL_PASSWORD_FILE);
                report(location, TransportKeys.PROXY_SSL_CERTIFICATE_KEY, at,
                        once("key\n" + key + '\n' + certificate + '\n' + password,
                                () -> intake.key(key, certificate, password,
                                        TransportKeys.PROXY_SSL_PASSWORD_FILE.name())));
            }
        }
    }

    private String certificates(String path) {
        return once(path, () -> intake.certificates(path));
    }

    private String revocations(String path, SourceLine at) {
        return once("revoked\n" + path, () -> {
            String wrong = intake.revocations(path);
            if (wrong == null) {
                warnOfStale(path, at);
            }
            return wrong;
        });
    }

    private void warnOfStale(String path, SourceLine at) {
        try {
            for (String stale
                    : PemFiles.staleRevocations(path, SystemClock.INSTANCE.nowMs())) {
                problems.warn(at, "\"" + TransportKeys.PROXY_SSL_CRL.name() + "\": " + stale,
                        "get a new one from the authority");
            }
        } catch (IOException | GeneralSecurityException gone) {
            problems.error(at, "\"" + path + "\" changed while it was read");
        }
    }

    /** What is wrong with a file, null for nothing; looked at for the first location alone. */
    private String once(String what, Supplier<String> look) {
        String wrong = looked.get(what);
        if (wrong == null) {
            wrong = Objects.requireNonNullElse(look.get(), "");
            looked.put(what, wrong);
        }
        return wrong.isEmpty() ? null : wrong;
    }

    private void report(Scope location, ConfigKey<String> key, SourceLine at, String wrong) {
        if (wrong != null) {
            Scope holder = location.nearest(key);
            problems.error(holder == null ? at : holder.own(key).getFirst().value().at(),
                    "\"" + key.name() + "\": " + wrong);
        }
    }
}
