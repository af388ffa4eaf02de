package dev.sluice.worker.http;

import java.nio.ByteBuffer;

/**
 * What a response's head said, as ranges of the buffer it arrived in: valid until that memory is
 * reused. A 1xx response is a head of its own.
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class ResponseHead {

    public final HeaderTable headers;

    /** 100 to 599. */
    public int status;
    /** 0 or 1: HTTP/1.0 or HTTP/1.1. */
    public int minorVersion;
    /** The reason phrase, possibly empty. */
    public int reasonOffset;
    public int reasonLength;
    /** How the body ends, the request's method and the status already considered. */
    public Framing framing;
    /**
     * Bytes of a body framed by LENGTH. For framing NONE the value the Content-Length field gave
     * (HEAD, 304), else 0; -1 if chunked or until close.
     */
    public long contentLength;
    /** Whether the connection can carry another exchange after this response. */
    public boolean keepAlive;
    /** An Upgrade field that the Connection field names. */
    public boolean upgrade;
    /** Bytes from the first byte of the status line to the end of the blank line. */
    public int headLength;
    /** Set when the parser answered BAD. */
    public ParseError error;

    public ResponseHead(int maxHeaders) {
        headers = new HeaderTable(maxHeaders);
    }

    public void reset(ByteBuffer b) {
        headers.reset(b);
        status = 0;
        minorVersion = 1;
        reasonOffset = 0;
        reasonLength = 0;
        framing = Framing.NONE;
        contentLength = 0;
        keepAlive = false;
        upgrade = false;
        headLength = 0;
        error = null;
    }

    public ByteBuffer buffer() {
        return headers.buffer();
    }

    /** Whether this is a 1xx head, after which the real one follows on the same connection. */
    public boolean isInterim() {
        return status < 200 && status != 101;
    }
}
