package dev.sluice.worker.http1;

import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.ResponseHead;
import dev.sluice.worker.http.Status;

/** How a response is framed (RFC 9112 §6.3) and whether its connection lives on. Stateless. */
final class ResponseRule {

    private ResponseRule() {}

    /** Sets framing, length and persistence; null if all is well. */
    static ParseError apply(ResponseHead head, int requestMethod) {
        HeaderTable headers = head.headers;
        ParseError why = FramingRule.check(headers, head.minorVersion);
        if (why != null) {
            return why;
        }
        int options = headers.has(HeaderName.CONNECTION) ? ConnectionRule.options(headers) : 0;
        if ((options & ConnectionRule.TOO_MANY) != 0) {
            return ParseError.BAD_CONNECTION;
        }
        head.keepAlive = ConnectionRule.keepAlive(options, head.minorVersion);
        head.upgrade = (options & ConnectionRule.UPGRADE) != 0 && headers.has(HeaderName.UPGRADE);
        boolean chunked = headers.has(HeaderName.TRANSFER_ENCODING);
        boolean sized = headers.has(HeaderName.CONTENT_LENGTH);
        if (requestMethod == Method.CONNECT && head.status / 100 == 2) {
            head.framing = Framing.UNTIL_CLOSE;
            head.contentLength = -1;
            head.keepAlive = false;
        } else if (requestMethod == Method.HEAD || Status.isBodiless(head.status)) {
            head.framing = Framing.NONE;
            head.contentLength = sized ? FramingRule.contentLength(headers) : 0;
            if (mayHideBody(head, chunked)) {
                head.keepAlive = false;
            }
        } else if (chunked) {
            head.framing = Framing.CHUNKED;
            head.contentLength = -1;
        } else if (sized) {
            head.framing = Framing.LENGTH;
            head.contentLength = FramingRule.contentLength(headers);
        } else {
            head.framing = Framing.UNTIL_CLOSE;
            head.contentLength = -1;
            head.keepAlive = false;
        }
        return null;
    }

    /**
     * A 1xx or 204 that announces a body breaks RFC 9110 §8.6; what follows it may be that body
     * and must not be read as the next response. After 101 another protocol is spoken.
     */
    private static boolean mayHideBody(ResponseHead head, boolean chunked) {
        boolean never = head.status < 200 || head.status == 204;
        return head.status == 101 || never && (chunked || head.contentLength > 0);
    }
}
