package dev.sluice.worker.http;

import java.nio.ByteBuffer;

/**
 * What a request's head said, as ranges of the buffer it arrived in: valid until that memory is
 * reused. Reused for the next request.
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class RequestHead {

    public static final int HTTP_1_0 = 0;
    public static final int HTTP_1_1 = 1;
    public static final int HTTP_2 = 2;
    /** A space and HTTP/1.1. */
    private static final int VERSION_BYTES = 9;

    public final HeaderTable headers;

    /** One of the constants of {@link Method}. */
    public int method;
    public int methodOffset;
    public int methodLength;
    public int targetOffset;
    public int targetLength;
    public TargetForm form;
    /** One of the constants below; a later version is a larger number. */
    public int version;
    /** The path as it was sent; length 0 when an absolute target has none, which means "/". */
    public int pathOffset;
    public int pathLength;
    public int queryOffset;
    /** Without the '?'; -1 when there is no '?'. */
    public int queryLength;
    /**
     * The host of an absolute target or of CONNECT, else of the Host field; no port, no dot at its
     * end, an IPv6 address with its brackets. Length 0 only in HTTP/1.0 without Host.
     */
    public int hostOffset;
    public int hostLength;
    /** The port written behind the host, 0 if none was. */
    public int port;
    /** Host and port as they were sent: what "Host" has to be for the next hop. */
    public int authorityOffset;
    public int authorityLength;
    /** NONE, LENGTH or CHUNKED. */
    public Framing framing;
    /** Bytes of a body framed by LENGTH, 0 if there is none, -1 if it is chunked. */
    public long contentLength;
    /** What the version and the Connection field ask for (RFC 9112 §9.3). */
    public boolean keepAlive;
    public boolean expectContinue;
    /**
     * An Upgrade field that the Connection field names, in HTTP/1.1 (RFC 9110 §7.8). In HTTP/2 it
     * was a CONNECT with a protocol (RFC 8441), which stands here as the GET that means the same.
     */
    public boolean upgrade;
    /** Bytes from the first byte of the request line to the end of the blank line. */
    public int headLength;
    /** Set when the parser answered BAD. */
    public ParseError error;

    public RequestHead(int maxHeaders) {
        headers = new HeaderTable(maxHeaders);
    }

    public void reset(ByteBuffer b) {
        headers.reset(b);
        method = Method.OTHER;
        methodOffset = 0;
        methodLength = 0;
        targetOffset = 0;
        targetLength = 0;
        form = TargetForm.ORIGIN;
        version = HTTP_1_1;
        pathOffset = 0;
        pathLength = 0;
        queryOffset = 0;
        queryLength = -1;
        hostOffset = 0;
        hostLength = 0;
        port = 0;
        authorityOffset = 0;
        authorityLength = 0;
        framing = Framing.NONE;
        contentLength = 0;
        keepAlive = false;
        expectContinue = false;
        upgrade = false;
        headLength = 0;
        error = null;
    }

    /** Becomes a head of the same bytes, valid as long as the other is. */
    public void copy(RequestHead other) {
        headers.copy(other.headers);
        method = other.method;
        methodOffset = other.methodOffset;
        methodLength = other.methodLength;
        targetOffset = other.targetOffset;
        targetLength = other.targetLength;
        form = other.form;
        version = other.version;
        pathOffset = other.pathOffset;
        pathLength = other.pathLength;
        queryOffset = other.queryOffset;
        queryLength = other.queryLength;
        hostOffset = other.hostOffset;
        hostLength = other.hostLength;
        port = other.port;
        authorityOffset = other.authorityOffset;
        authorityLength = other.authorityLength;
        framing = other.framing;
        contentLength = other.contentLength;
        keepAlive = other.keepAlive;
        expectContinue = other.expectContinue;
        upgrade = other.upgrade;
        headLength = other.headLength;
        error = other.error;
    }

    /** The same for a GET without a body. */
    public void copyAsGet(RequestHead other) {
        copy(other);
        method = Method.GET;
        framing = Framing.NONE;
        contentLength = 0;
        expectContinue = false;
        upgrade = false;
    }

    /** Whether any 2xx, of an error page too, would tell the client that a tunnel is open. */
    public boolean asksForTunnel() {
        return form == TargetForm.AUTHORITY || upgrade && version == HTTP_2;
    }

    public ByteBuffer buffer() {
        return headers.buffer();
    }

    /** The request line's length as it stands in memory; that of HTTP/2 has no version. */
    public int requestLineBytes() {
        int bytes = targetOffset + targetLength - methodOffset;
        return version == HTTP_2 ? bytes : bytes + VERSION_BYTES;
    }
}
