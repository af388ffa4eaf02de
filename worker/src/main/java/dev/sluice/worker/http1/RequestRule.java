package dev.sluice.worker.http1;

import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.TargetForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What the fields of a whole request head mean together. Stateless. */
final class RequestRule {

    private static final byte[] CONTINUE = "100-continue".getBytes(StandardCharsets.US_ASCII);

    private RequestRule() {}

    /** Sets host, framing, persistence and expectations; null if all is well. */
    static ParseError apply(RequestHead head, ByteBuffer b) {
        ParseError why = host(head, b);
        if (why == null) {
            why = framing(head);
        }
        if (why == null) {
            why = connection(head);
        }
        return why == null ? expect(head) : why;
    }

    /**
     * HTTP/1.1 has exactly one Host, 1.0 at most one (RFC 9112 §3.2). It is checked even where the
     * target has an authority of its own, which then wins (§3.2.2).
     */
    private static ParseError host(RequestHead head, ByteBuffer b) {
        HeaderTable headers = head.headers;
        int i = headers.find(HeaderName.HOST);
        if (i < 0) {
            return head.version == RequestHead.HTTP_1_0 ? null : ParseError.MISSING_HOST;
        }
        if (headers.isRepeated(HeaderName.HOST)) {
            return ParseError.REPEATED_HOST;
        }
        long host = HostRule.check(b, headers.valueOffset(i), headers.valueLength(i));
        if (host == HostRule.INVALID) {
            return ParseError.BAD_HOST;
        }
        if (head.form == TargetForm.ORIGIN || head.form == TargetForm.ASTERISK) {
            TargetRule.setAuthority(head, headers.valueOffset(i), headers.valueLength(i), host);
        }
        return null;
    }

    private static ParseError framing(RequestHead head) {
        HeaderTable headers = head.headers;
        ParseError why = FramingRule.check(headers, head.version);
        if (why != null) {
            return why;
        }
        if (headers.has(HeaderName.TRANSFER_ENCODING)) {
            head.framing = Framing.CHUNKED;
            head.contentLength = -1;
        } else if (headers.has(HeaderName.CONTENT_LENGTH)) {
            head.framing = Framing.LENGTH;
            head.contentLength = FramingRule.contentLength(headers);
        }
        return null;
    }

    private static ParseError connection(RequestHead head) {
        int options = head.headers.has(HeaderName.CONNECTION)
                ? ConnectionRule.options(head.headers) : 0;
        if ((options & ConnectionRule.TOO_MANY) != 0) {
            return ParseError.BAD_CONNECTION;
        }
        head.keepAlive = ConnectionRule.keepAlive(options, head.version);
        head.upgrade = (options & ConnectionRule.UPGRADE) != 0
                && head.version == RequestHead.HTTP_1_1
                && head.headers.has(HeaderName.UPGRADE);
        return null;
    }

    /** An expectation of an HTTP/1.0 client is ignored (RFC 9110 §10.1.1). */
    private static ParseError expect(RequestHead head) {
        HeaderTable headers = head.headers;
        if (head.version == RequestHead.HTTP_1_0) {
            return null;
        }
        for (int i = headers.find(HeaderName.EXPECT); i >= 0;
                i = headers.findNext(HeaderName.EXPECT, i)) {
            if (!headers.valueEqualsIgnoreCase(i, CONTINUE)) {
                return ParseError.UNKNOWN_EXPECTATION;
            }
            head.expectContinue = head.framing != Framing.NONE && head.contentLength != 0;
        }
        return null;
    }
}
