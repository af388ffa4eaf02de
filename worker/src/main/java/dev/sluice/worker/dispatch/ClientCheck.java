package dev.sluice.worker.dispatch;

import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.log.Level;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.ExchangeLines;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.http.Status;
import java.util.List;
import java.util.Objects;

/**
 * Whether a client may speak to a server that asks for certificates. What it has shown was judged
 * by the rules of the server it had named in its hello, so a request for another one is
 * misdirected (RFC 9110 §15.5.20); without a name it is, when that server has other rules.
 *
 * <p>Written at boot, then read-only.
 */
final class ClientCheck {

    private static final int FORBIDDEN = 403;
    private static final int MISDIRECTED = 421;

    private final List<ServerConfig> servers;
    private final ExchangeLines lines;

    ClientCheck(SluiceConfig config, ExchangeLines lines) {
        this.servers = config.servers();
        this.lines = lines;
    }

    /** Answers a request that has no right to be here. @return whether it did */
    boolean refuses(Exchange x) {
        TlsFacts tls = x.client.tls();
        if (tls == null) {
            // Another address of the server, which speaks plain HTTP.
            return false;
        }
        if (tls.server() != x.server.index
                && (!tls.serverName().isEmpty() || !hasTheRulesOf(tls.server(), x))) {
            lines.log(x, Level.INFO, "client asked for another server than in its TLS handshake",
                    "\"" + tls.serverName() + "\" there");
            Answers.status(x, MISDIRECTED);
            return true;
        }
        int status = tls.refusal();
        if (status != 0) {
            lines.log(x, Level.INFO, status == Status.NO_CLIENT_CERTIFICATE
                    ? "client has shown no certificate" : status == FORBIDDEN
                            ? "a module refuses the client's certificate"
                            : "certificate of the client is not good",
                    tls.client() == null ? null : tls.client().verdict());
            Answers.status(x, status);
        }
        return status != 0;
    }

    private boolean hasTheRulesOf(int server, Exchange x) {
        ServerConfig spoke = servers.get(server);
        return spoke.tls() != null && Objects.equals(spoke.tls().clients(),
                x.server.config.tls().clients());
    }
}
