package dev.sluice.worker.variables;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.exchange.TlsFacts;
import java.nio.charset.StandardCharsets;

/** Values of the client's connection and of the server that was chosen. Stateless. */
final class ConnectionValues {

    private static final byte[] HTTP = "http".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HTTPS = "https".getBytes(StandardCharsets.US_ASCII);

    private ConnectionValues() {}

    static boolean remoteAddress(Exchange x, ByteSink out) {
        x.client.remoteAddress(out);
        return true;
    }

    static boolean remotePort(Exchange x, ByteSink out) {
        out.putDecimal(x.client.remotePort());
        return true;
    }

    static boolean socketAddress(Exchange x, ByteSink out) {
        x.client.socketAddress(out);
        return true;
    }

    static boolean socketPort(Exchange x, ByteSink out) {
        out.putDecimal(x.client.socketPort());
        return true;
    }

    static boolean proxiedAddress(Exchange x, ByteSink out) {
        ProxiedEnds ends = x.client.proxied();
        if (ends != null) {
            ends.printClient(out);
        }
        return ends != null;
    }

    static boolean proxiedPort(Exchange x, ByteSink out) {
        ProxiedEnds ends = x.client.proxied();
        if (ends != null) {
            out.putDecimal(ends.clientPort());
        }
        return ends != null;
    }

    static boolean proxiedServerAddress(Exchange x, ByteSink out) {
        ProxiedEnds ends = x.client.proxied();
        if (ends != null) {
            ends.printServer(out);
        }
        return ends != null;
    }

    static boolean proxiedServerPort(Exchange x, ByteSink out) {
        ProxiedEnds ends = x.client.proxied();
        if (ends != null) {
            out.putDecimal(ends.serverPort());
        }
        return ends != null;
    }

    static boolean serverAddress(Exchange x, ByteSink out) {
        x.client.localAddress(out);
        return true;
    }

    static boolean serverPort(Exchange x, ByteSink out) {
        out.putDecimal(x.client.localPort());
        return true;
    }

    static boolean scheme(Exchange x, ByteSink out) {
        out.put(x.client.secure() ? HTTPS : HTTP);
        return true;
    }

    static boolean https(Exchange x, ByteSink out) {
        if (x.client.secure()) {
            out.putAscii("on");
        }
        return x.client.secure();
    }

    static boolean tlsProtocol(Exchange x, ByteSink out) {
        TlsFacts tls = x.client.tls();
        return tls != null && put(tls.protocol(), out);
    }

    static boolean tlsCipher(Exchange x, ByteSink out) {
        TlsFacts tls = x.client.tls();
        return tls != null && put(tls.cipher(), out);
    }

    static boolean tlsServerName(Exchange x, ByteSink out) {
        TlsFacts tls = x.client.tls();
        return tls != null && put(tls.serverName(), out);
    }

    static boolean tlsSessionReused(Exchange x, ByteSink out) {
        TlsFacts tls = x.client.tls();
        return tls != null && put(tls.resumed() ? "r" : ".", out);
    }

    static boolean prereadName(Exchange x, ByteSink out) {
        return put(x.client.prereadName(), out);
    }

    static boolean streamProtocol(Exchange x, ByteSink out) {
        return put(x.client.streamProtocol(), out);
    }

    private static boolean put(String text, ByteSink out) {
        out.putAscii(text);
        return !text.isEmpty();
    }

    static boolean connection(Exchange x, ByteSink out) {
        out.putDecimal(x.client.connectionSerial());
        return true;
    }

    static boolean connectionRequests(Exchange x, ByteSink out) {
        out.putDecimal(x.client.connectionRequests());
        return true;
    }

    static boolean pipe(Exchange x, ByteSink out) {
        out.put(x.client.pipelined() ? 'p' : '.');
        return true;
    }

    /** The first name of the server, as nginx has it; the section's name when it has none. */
    static boolean serverName(Exchange x, ByteSink out) {
        if (x.server == null) {
            return false;
        }
        out.putAscii(x.server.config.names().isEmpty()
                ? x.server.name() : x.server.config.names().getFirst().text());
        return true;
    }

    static boolean worker(Exchange x, ByteSink out) {
        out.putDecimal(x.ctx.slot);
        return true;
    }

    static boolean generation(Exchange x, ByteSink out) {
        out.putDecimal(x.ctx.generation);
        return true;
    }
}
