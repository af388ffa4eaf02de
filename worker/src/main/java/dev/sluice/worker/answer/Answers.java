package dev.sluice.worker.answer;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.ErrorPages;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Server;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.Status;
import dev.sluice.worker.http1.PathEncoder;
import dev.sluice.worker.variables.Escaping;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The answers every handler can give in place of its own. Each of them begins and ends the
 * response, so nothing of another one may have been begun. Stateless.
 *
 * <p>Error pages: {@link #status} may hand the exchange to another location that serves the page.
 * {@link Exchange#errorStatus} is set then, and the handler there
 * <ul>
 * <li>asks {@link #statusToSend} which status the page is sent with,
 * <li>sends the page whole: no 304, no ranges, whatever the request asked for,
 * <li>finds the method GET or HEAD, and reads no request body.
 * </ul>
 */
public final class Answers {

    private static final byte[] HTTP = ascii("http://");
    private static final byte[] HTTPS = ascii("https://");
    private static final byte[] ALLOW_STATIC = ascii("GET, HEAD");
    private static final byte[] ALLOW_LINE = ascii("Allow: GET, HEAD\r\n");
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int MOVED_PERMANENTLY = 301;
    private static final int FIRST_ERROR = 400;

    /** The path with a slash behind it, and the query: where a directory really is. */
    private static final ValueTemplate DIRECTORY = (x, out) -> {
        PathEncoder.encode(x.pathBuffer, x.pathOffset, x.pathLength, out);
        out.put((byte) '/');
        if (x.queryLength >= 0) {
            out.put((byte) '?').put(x.queryBuffer, x.queryOffset, x.queryLength);
        }
    };

    private Answers() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The status to send a page with: {@code own} when it was asked for, else what the rule says
     * that brought the exchange here.
     */
    public static int statusToSend(Exchange x, int own) {
        return x.statusToSend(own);
    }

    /** Whether the exchange serves a page in place of an error. */
    public static boolean isErrorPage(Exchange x) {
        return x.errorStatus != 0;
    }

    /** Answers with the location's page for this status, else with the built-in one. */
    public static void status(Exchange x, int status) {
        assert !x.client.headSent() : "an answer has been begun";
        if (GrpcAnswer.isCall(x) && status >= FIRST_ERROR) {
            x.state = ExchangeState.SENDING_RESPONSE;
            if (!GrpcAnswer.send(x, status)) {
                headTooLarge(x);
            }
            return;
        }
        if (!page(x, status, status == METHOD_NOT_ALLOWED ? ALLOW_LINE : null)) {
            builtIn(x, status);
        }
    }

    /**
     * Answers with the location's page for this status, where it has one.
     *
     * @param line of the head that belongs to a 405 or 416, with its CR LF; null without
     * @return false when it has none: nothing has been done
     */
    public static boolean page(Exchange x, int status, byte[] line) {
        ErrorPages pages = x.location == null ? null : x.location.errorPages;
        if (pages == null || x.errorStatus != 0) {
            return false;
        }
        x.statusLine = line;
        boolean answered = pages.answer(x, status);
        if (!answered) {
            x.statusLine = null;
        }
        return answered;
    }

    /** Answers with the built-in page, whatever the location says. */
    public static void builtIn(Exchange x, int status) {
        // Caches say nothing of what is made here (RFC 9211 §2).
        x.pastCache = null;
        if (status == METHOD_NOT_ALLOWED) {
            methodNotAllowed(x, ALLOW_STATIC);
        } else {
            int inside = statusInside(x, status);
            begin(x, inside);
            end(x, inside);
        }
    }

    /**
     * An error inside an error page is sent as the error that led there: a 502 stays a 502 when
     * its page is missing. A rule that turned it into a success does not cover a missing page.
     */
    private static int statusInside(Exchange x, int status) {
        return x.errorStatus >= FIRST_ERROR ? x.errorStatus : status;
    }

    /** 405 with the methods that the target does have (RFC 9110 §15.5.6). */
    public static void methodNotAllowed(Exchange x, byte[] allow) {
        x.statusLine = null;
        begin(x, statusInside(x, METHOD_NOT_ALLOWED));
        x.client.header(HeaderName.ALLOW, allow);
        end(x);
    }

    static void begin(Exchange x, int status) {
        x.state = ExchangeState.SENDING_RESPONSE;
        x.client.beginHead(status);
    }

    private static void end(Exchange x) {
        end(x, x.status);
    }

    /** @param page which page: more than one is sent with 400 */
    private static void end(Exchange x, int page) {
        if (Status.isBodiless(x.status)) {
            empty(x, ClientStream.NO_BODY);
            return;
        }
        x.client.header(HeaderName.CONTENT_TYPE, BuiltInPages.TYPE);
        ByteBuffer text = BuiltInPages.of(page);
        if (x.client.endHead(text.capacity())) {
            WholeBody.send(x, text, 0, text.capacity(), true);
        } else {
            headTooLarge(x);
        }
    }

    static void empty(Exchange x, long contentLength) {
        if (x.client.endHead(contentLength)) {
            x.client.endResponse();
        } else {
            headTooLarge(x);
        }
    }

    /** Not even a small answer fits with the headers that the location adds to it. */
    private static void headTooLarge(Exchange x) {
        x.client.abort(Termination.WORKER_OVERLOAD);
    }

    /** An answer of a status without any body: 204, or an empty page. */
    public static void noBody(Exchange x, int status) {
        begin(x, status);
        empty(x, Status.isBodiless(status) ? ClientStream.NO_BODY : 0);
    }

    /** 204 to a question for the methods (RFC 9110 §9.3.7). */
    public static void options(Exchange x, byte[] allow) {
        begin(x, 204);
        x.client.header(HeaderName.ALLOW, allow);
        empty(x, ClientStream.NO_BODY);
    }

    /**
     * Answers with a body that is there as a whole.
     *
     * @param immutable whether the bytes never change; if not, they are lent until return
     */
    public static void text(Exchange x, int status, byte[] type, ByteBuffer body, int offset,
            int length, boolean immutable) {
        begin(x, status);
        if (length == 0 || Status.isBodiless(status)) {
            empty(x, Status.isBodiless(status) ? ClientStream.NO_BODY : 0);
            return;
        }
        x.client.header(HeaderName.CONTENT_TYPE, type);
        if (x.client.endHead(length)) {
            WholeBody.send(x, body, offset, length, immutable);
        } else {
            headTooLarge(x);
        }
    }

    /**
     * Redirects to a URL; one that begins with a slash is made absolute with the scheme, host and
     * port that the client used (RFC 9110 §10.2.2 would allow to leave it; clients expect it).
     */
    public static void redirect(Exchange x, int status, ValueTemplate url) {
        begin(x, status);
        ByteSink out = x.client.beginHeader(HeaderName.bytes(HeaderName.LOCATION));
        int start = out.position();
        appendOrigin(x, out);
        int from = out.position();
        url.append(x, out);
        Escaping.URL.apply(out, from);
        int length = out.position() - from;
        if (length == 0 || out.buffer().get(from) != '/') {
            out.buffer().put(start, out.buffer(), from, length);
            out.position(start + length);
        }
        x.client.endHeader();
        end(x);
    }

    /** 301 to the same path with a slash at its end. */
    public static void redirectToDirectory(Exchange x) {
        redirect(x, MOVED_PERMANENTLY, DIRECTORY);
    }

    /** Scheme, host and port as the client sees them; the server's own without a Host. */
    private static void appendOrigin(Exchange x, ByteSink out) {
        boolean secure = x.client.secure();
        out.put(secure ? HTTPS : HTTP);
        RequestHead head = x.request;
        if (head.authorityLength > 0) {
            out.put(head.buffer(), head.authorityOffset, head.authorityLength);
            return;
        }
        Server.host(x, out);
        int port = x.client.localPort();
        if (port != (secure ? 443 : 80) && port != 0) {
            out.put((byte) ':').putDecimal(port);
        }
    }
}
