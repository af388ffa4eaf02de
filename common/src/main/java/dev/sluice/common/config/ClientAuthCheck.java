package dev.sluice.common.config;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.ClientAuthConfig.Mode;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;

/** Resolves what a server asks of its clients' certificates. Owner: the loading thread. */
final class ClientAuthCheck {

    /** Authorities below the root that a device's chain may have (IEEE 2030.5-2018 §6.11). */
    private static final int DEVICE_DEPTH = 3;

    private final Problems problems;
    /** Null when no file is to be read. */
    private final CertificateIntake intake;

    ClientAuthCheck(Problems problems, CertificateIntake intake) {
        this.problems = problems;
        this.intake = intake;
    }

    /** Null when it asks for none. */
    ClientAuthConfig check(Scope server, TlsProfile profile) {
        if (profile != TlsProfile.DEFAULT) {
            return new ClientAuthConfig(Mode.ON, file(server, TlsKeys.SSL_CLIENT_CERTIFICATE),
                    null, null, DEVICE_DEPTH);
        }
        Mode mode = server.value(TlsKeys.SSL_VERIFY_CLIENT);
        if (mode == Mode.OFF) {
            return null;
        }
        String authorities = file(server, TlsKeys.SSL_CLIENT_CERTIFICATE);
        String trusted = file(server, TlsKeys.SSL_TRUSTED_CERTIFICATE);
        String crl = file(server, TlsKeys.SSL_CRL);
        if (mode != Mode.OPTIONAL_NO_CA && !server.value(TlsKeys.SSL_REJECT_HANDSHAKE)
                && server.nearest(TlsKeys.SSL_CLIENT_CERTIFICATE) == null
                && server.nearest(TlsKeys.SSL_TRUSTED_CERTIFICATE) == null) {
            Scope holder = server.nearest(TlsKeys.SSL_VERIFY_CLIENT);
            problems.error(holder.own(TlsKeys.SSL_VERIFY_CLIENT).getFirst().value().at(),
                    server.title() + " verifies clients and trusts no authority",
                    "set ssl_client_certificate, or ssl_verify_client = optional_no_ca");
        }
        return new ClientAuthConfig(mode, authorities, trusted, crl,
                server.value(TlsKeys.SSL_VERIFY_DEPTH));
    }

    private String file(Scope server, ConfigKey<String> key) {
        Scope holder = server.nearest(key);
        if (holder == null || holder.ownValue(key) == null) {
            return null;
        }
        Setting<String> setting = holder.own(key).getFirst();
        String path = setting.parsed();
        String wrong = key == TlsKeys.SSL_CRL ? revocations(setting, path)
                : intake.certificates(path);
        if (wrong != null) {
            problems.error(setting.value().at(), "\"" + key.name() + "\": " + wrong);
        }
        return path;
    }

    private String revocations(Setting<String> setting, String path) {
        String wrong = intake.revocations(path);
        try {
            for (String stale : wrong == null ? PemFiles.staleRevocations(path,
                    SystemClock.INSTANCE.nowMs()) : List.<String>of()) {
                problems.warn(setting.value().at(), "\"ssl_crl\": " + stale, null);
            }
            return wrong;
        } catch (IOException e) {
            return PemFiles.unreadable(path, e);
        } catch (GeneralSecurityException e) {
            return "\"" + path + "\" holds a list that cannot be read";
        }
    }
}
