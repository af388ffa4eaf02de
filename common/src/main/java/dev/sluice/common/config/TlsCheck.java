package dev.sluice.common.config;

import dev.sluice.common.clock.SystemClock;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** Resolves how a server speaks TLS to its clients. Owner: the loading thread. */
final class TlsCheck {

    /** Forward secrecy and authenticated encryption; nothing a client of the last years lacks. */
    private static final String CIPHERS =
            "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"
                    + ":ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
                    + ":ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

    private final Problems problems;
    private final HandedFiles files;
    private final CertificateIntake intake;
    /** The same for all servers; null before the first. */
    private List<String> ticketKeys;

    /** @param files gets the content of certificates and keys */
    TlsCheck(Problems problems, HandedFiles files) {
        this.files = files;
        this.intake = new CertificateIntake(files);
        this.problems = problems;
    }

    /** Null when none of its addresses has ssl. */
    ServerTlsConfig check(Scope server, List<ListenConfig> listens) {
        ListenConfig secure = listens.stream().filter(ListenConfig::ssl).findFirst().orElse(null);
        ServerTlsConfig checked = secure == null ? null : check(server, secure);
        List<CertForward> forwards = server.ownValue(TlsKeys.CLIENT_CERT_FORWARD);
        if (forwards != null && !forwards.isEmpty()
                && (checked == null || checked.clients() == null)) {
            problems.error(server.own(TlsKeys.CLIENT_CERT_FORWARD).getFirst().value().at(),
                    server.title() + " has client_cert_forward and asks clients for no certificate",
                    "set ssl_verify_client, and listen with ssl");
        }
        return checked;
    }

    private ServerTlsConfig check(Scope server, ListenConfig secure) {
        String ciphers = server.given(TlsKeys.SSL_CIPHERS);
        boolean reject = server.value(TlsKeys.SSL_REJECT_HANDSHAKE);
        List<CertificateConfig> certificates = reject ? List.of() : certificates(server, secure);
        TlsProfile profile = TlsProfile.of(server.value(TlsKeys.TLS_PROFILE));
        TlsProfileCheck special = new TlsProfileCheck(problems, files);
        special.check(server, profile, certificates);
        return new ServerTlsConfig(
                certificates,
                reject,
                server.value(TlsKeys.SSL_PROTOCOLS),
                ciphers == null ? CIPHERS : ciphers,
                server.value(TlsKeys.SSL_ECDH_CURVE),
                server.value(TlsKeys.SSL_PREFER_SERVER_CIPHERS),
                new TicketConfig(server.value(TlsKeys.SSL_SESSION_TICKETS),
                        server.value(TlsKeys.SSL_SESSION_TIMEOUT), ticketKeys(server)),
                profile,
                new ClientAuthCheck(problems, intake).check(server, profile),
                server.kind != SectionKind.STREAM,
                server.kind != SectionKind.STREAM && server.value(Http2Keys.HTTP2),
                profile == TlsProfile.DEFAULT ? StaplingKeys.check(server, certificates, problems,
                        files) : null,
                new TlsLimits(server.value(TlsKeys.SSL_HANDSHAKE_TIMEOUT),
                        server.value(TlsKeys.SSL_CLIENT_HELLO_MAX).intValue(),
                        server.value(TlsKeys.SSL_HANDSHAKES_MAX)));
    }

    private List<String> ticketKeys(Scope server) {
        if (ticketKeys == null) {
            Scope holder = server.nearest(TlsKeys.SSL_SESSION_TICKET_KEY);
            ticketKeys = new ArrayList<>();
            for (Setting<String> setting : holder == null
                    ? List.<Setting<String>>of() : holder.own(TlsKeys.SSL_SESSION_TICKET_KEY)) {
                if (setting.parsed() != null) {
                    ticketKeys.add(setting.parsed());
                    takeTicketKey(setting, setting.parsed());
                }
            }
        }
        return ticketKeys;
    }

    private void takeTicketKey(Setting<String> setting, String path) {
        String wrong = intake.ticketKey(path);
        if (wrong != null) {
            report(setting, wrong);
        }
    }

    private List<CertificateConfig> certificates(Scope server, ListenConfig secure) {
        Scope holder = server.nearestOf(TlsKeys.SSL_CERTIFICATE, TlsKeys.SSL_CERTIFICATE_KEY);
        if (holder == null) {
            problems.error(secure.at(), server.title() + " listens with ssl and has no"
                    + " certificate", "set ssl_certificate and ssl_certificate_key, or"
                    + " ssl_reject_handshake = on");
            return List.of();
        }
        List<Setting<String>> certificates = holder.own(TlsKeys.SSL_CERTIFICATE);
        List<Setting<String>> keys = holder.own(TlsKeys.SSL_CERTIFICATE_KEY);
        if (certificates.size() != keys.size()) {
            problems.error(holder.at, holder.title() + " has " + certificates.size()
                    + " ssl_certificate and " + keys.size() + " ssl_certificate_key",
                    "each certificate has a key, in the same order");
            return List.of();
        }
        List<CertificateConfig> all = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (certificates.get(i).parsed() != null && keys.get(i).parsed() != null) {
                checkFiles(server, certificates.get(i), keys.get(i));
                all.add(new CertificateConfig(certificates.get(i).parsed(),
                        keys.get(i).parsed()));
            }
        }
        return all;
    }

    private void checkFiles(Scope server, Setting<String> certificate, Setting<String> key) {
        String wrong = intake.certificates(certificate.parsed());
        report(certificate, wrong);
        if (wrong == null) {
            doubts(certificate);
            report(key, intake.key(key.parsed(), certificate.parsed(),
                    server.given(TlsKeys.SSL_PASSWORD_FILE),
                    TlsKeys.SSL_PASSWORD_FILE.name()));
        }
    }

    /** What an operator should know of certificates that can be used. */
    private void doubts(Setting<String> setting) {
        String path = setting.parsed();
        try {
            for (String warning : PemFiles.doubts(path, files.content(path),
                    SystemClock.INSTANCE.nowMs())) {
                problems.warn(setting.value().at(),
                        "\"" + setting.key().name() + "\": " + warning, null);
            }
        } catch (GeneralSecurityException e) {
            report(setting, "\"" + path + "\" holds a certificate that cannot be read");
        }
    }

    private void report(Setting<String> setting, String wrong) {
        if (wrong != null) {
            problems.error(setting.value().at(), "\"" + setting.key().name() + "\": " + wrong);
        }
    }
}
