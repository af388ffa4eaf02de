package dev.sluice.worker.variables;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import java.nio.charset.StandardCharsets;

/**
 * {@link LogFormat#COMBINED} as straight code: the format nearly everybody logs in. Written at
 * boot, then read-only.
 */
final class CombinedFormat implements LogFormat {

    private static final byte[] BEFORE_USER = ascii(" - ");
    private static final byte[] BEFORE_TIME = ascii(" [");
    private static final byte[] BEFORE_REQUEST = ascii("] \"");
    private static final byte[] BEFORE_STATUS = ascii("\" ");
    private static final byte[] BEFORE_REFERER = ascii(" \"");
    private static final byte[] BEFORE_AGENT = ascii("\" \"");

    private final LogTime time;

    CombinedFormat(WorkerScope scope) {
        time = scope.time;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void append(Exchange x, ByteSink out) {
        x.client.remoteAddress(out);
        out.put(BEFORE_USER);
        int from = out.position();
        escapeOrDash(RequestValues.remoteUser(x, out), out, from);
        out.put(BEFORE_TIME);
        time.appendLocal(x.ctx.clock.nowMs(), out);
        out.put(BEFORE_REQUEST);
        from = out.position();
        escapeOrDash(RequestValues.request(x, out), out, from);
        out.put(BEFORE_STATUS);
        AnswerValues.status(x, out);
        out.put((byte) ' ').putDecimal(x.bodyBytesSent).put(BEFORE_REFERER);
        from = out.position();
        escapeOrDash(field(x, HeaderName.REFERER, out), out, from);
        out.put(BEFORE_AGENT);
        from = out.position();
        escapeOrDash(field(x, HeaderName.USER_AGENT, out), out, from);
        out.put((byte) '"');
    }

    private static boolean field(Exchange x, int id, ByteSink out) {
        return NamedVariables.headerById(x, id, NamedVariables.COMMA, out);
    }

    private static void escapeOrDash(boolean present, ByteSink out, int from) {
        if (present) {
            Escaping.LOG.apply(out, from);
        } else {
            out.put((byte) '-');
        }
    }
}
