package dev.sluice.worker.tls;

import dev.sluice.common.config.ClientAuthConfig;
import dev.sluice.common.config.ClientAuthConfig.Mode;
import dev.sluice.worker.exchange.ClientCertificate;
import dev.sluice.worker.http.Status;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Judges the certificates that clients show. A handshake ends well whatever is shown, as in nginx,
 * so that the client can be told in HTTP what is wrong; resumed sessions are judged again, so a
 * certificate that has been revoked or has expired is of no use any more.
 *
 * <p>A good chain is remembered by its fingerprint, because its signatures cost about as much as a
 * handshake. Owner: event loop.
 */
final class ClientVerifier {

    /** Good chains that are remembered: 100 bytes each. */
    private static final int KNOWN_MAX = 4096;
    /** How long: authorities and lists of revoked certificates have their own dates. */
    private static final long KNOWN_MS = 60_000;

    private final Mode mode;
    private final ClientChain rules;
    private final Map<String, Long> known = new LinkedHashMap<>();

    ClientVerifier(ClientAuthConfig config, TlsFiles files) throws GeneralSecurityException {
        this.mode = config.mode();
        this.rules = new ClientChain(config, files);
    }

    /** The authorities whose names clients are told. */
    X509Certificate[] named() {
        return rules.named();
    }

    /**
     * @param ders what the client has shown, its own first
     * @return null when that is no certificate
     */
    ClientCertificate judge(byte[][] ders, long nowMs) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            X509Certificate[] chain = new X509Certificate[ders.length];
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < chain.length; i++) {
                chain[i] = (X509Certificate) factory.generateCertificate(
                        new ByteArrayInputStream(ders[i]));
                digest.update(ders[i]);
            }
            String key = HexFormat.of().formatHex(digest.digest());
            Long untilMs = known.get(key);
            if (untilMs != null && nowMs < untilMs) {
                return new ClientCertificate(chain, ders, ClientCertificate.SUCCESS);
            }
            String wrong = rules.wrong(chain, nowMs);
            if (wrong == null) {
                remember(key, Math.min(nowMs + KNOWN_MS, chain[0].getNotAfter().getTime()));
            }
            return new ClientCertificate(chain, ders,
                    wrong == null ? ClientCertificate.SUCCESS : "FAILED:" + wrong);
        } catch (GeneralSecurityException notOne) {
            return null;
        }
    }

    private void remember(String key, long untilMs) {
        if (known.size() >= KNOWN_MAX) {
            known.remove(known.keySet().iterator().next());
        }
        known.remove(key);
        known.put(key, untilMs);
    }

    /**
     * The answer to requests of a client.
     *
     * @param client null for one that has shown nothing, or nothing that can be read
     * @param shown whether it has shown something
     * @return 0 when it is welcome
     */
    int refusal(ClientCertificate client, boolean shown) {
        if (client == null) {
            return shown ? Status.BAD_CLIENT_CERTIFICATE
                    : mode == Mode.ON ? Status.NO_CLIENT_CERTIFICATE : 0;
        }
        boolean good = client.verdict().equals(ClientCertificate.SUCCESS)
                || mode == Mode.OPTIONAL_NO_CA && ClientChain.isAboutIssuer(client.verdict());
        return good ? 0 : Status.BAD_CLIENT_CERTIFICATE;
    }
}
