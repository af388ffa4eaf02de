package dev.sluice.common.config;

import dev.sluice.common.config.UpstreamTypes.ProxyPass;
import java.util.List;

/** Resolves what connections to a location's peers are like below HTTP. Owner: loading thread. */
final class TransportCheck {

    private final Problems problems;
    private final boolean checkFiles;

    TransportCheck(Problems problems, boolean checkFiles) {
        this.problems = problems;
        this.checkFiles = checkFiles;
    }

    TransportConfig check(Scope location, ProxyPass pass, List<PeerConfig> peers, Scope upstream) {
        String bind = location.value(TransportKeys.PROXY_BIND);
        return new TransportConfig(
                pass.secure() ? tls(location, peers) : null,
                bind.isEmpty() ? null : bind,
                location.value(TransportKeys.PROXY_PROTOCOL),
                upstream.value(TransportKeys.TCP_FASTOPEN));
    }

    private ProxyTlsConfig tls(Scope location, List<PeerConfig> peers) {
        SourceLine at = location.own(ProxyKeys.PROXY_PASS).getFirst().value().at();
        boolean verify = location.value(TransportKeys.PROXY_SSL_VERIFY);
        String name = location.given(TransportKeys.PROXY_SSL_NAME);
        for (PeerConfig peer : peers) {
            checkPeer(peer, verify && name == null, at);
        }
        String trusted = location.value(TransportKeys.PROXY_SSL_TRUSTED_CERTIFICATE);
        String certificate = location.given(TransportKeys.PROXY_SSL_CERTIFICATE);
        String key = location.given(TransportKeys.PROXY_SSL_CERTIFICATE_KEY);
        if ((certificate == null) != (key == null)) {
            problems.error(at, "\"proxy_ssl_certificate" + (key == null ? "" : "_key")
                    + "\" is set without \"proxy_ssl_certificate" + (key == null ? "_key" : "")
                    + "\"", "set both or neither");
        } else if (checkFiles) {
            checkFiles(location, verify ? trusted : null, certificate, key, at);
        }
        String ciphers = location.given(TransportKeys.PROXY_SSL_CIPHERS);
        return new ProxyTlsConfig(verify,
                location.value(TransportKeys.PROXY_SSL_SERVER_NAME), name,
                verify ? trusted : null, certificate, key,
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

    private void checkFiles(
            Scope location, String trusted, String certificate, String key, SourceLine at) {
        if (trusted != null) {
            report(location, TransportKeys.PROXY_SSL_TRUSTED_CERTIFICATE, at,
                    PemFiles.wrongCertificates(trusted));
        }
        if (certificate != null) {
            String wrong = PemFiles.wrongCertificates(certificate);
            report(location, TransportKeys.PROXY_SSL_CERTIFICATE, at, wrong);
            if (wrong == null) {
                report(location, TransportKeys.PROXY_SSL_CERTIFICATE_KEY, at,
                        PemFiles.wrongKey(key, certificate));
            }
        }
    }

    private void report(Scope location, ConfigKey<String> key, SourceLine at, String wrong) {
        if (wrong != null) {
            Scope holder = location.nearest(key);
            problems.error(holder == null ? at : holder.own(key).getFirst().value().at(),
                    "\"" + key.name() + "\": " + wrong);
        }
    }
}
