package dev.sluice.worker.boot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The peer of the warm-up: answers what the proxy sends it, by the last letter of the path.
 *
 * <p>Owner: event loop.
 */
final class WarmUpPeer {

    /** A few bytes of JSON with a length. */
    static final char SMALL = 's';
    /** The same in chunks (RFC 9112 section 7.1). */
    static final char CHUNKED = 'c';
    /** More than one read of the proxy. */
    static final char LARGE = 'l';
    /** Small, and the connection ends with it. */
    static final char CLOSING = 'e';
    /** Small, and for a cache. */
    static final char KEPT = 'k';
    /** A request with a body ends with this. */
    static final char END_OF_BODY = '!';

    private static final int LARGE_BYTES = 20_000;
    private static final int BACKLOG = 64;
    private static final int KIND_AT = "GET /proxy/".length();
    private static final String JSON =
            "{\"id\":42,\"name\":\"an answer of a common size\",\"tags\":[\"a\",\"b\",\"c\"]}";
    private static final String FIELDS = "HTTP/1.1 200 OK\r\nServer: warm-up\r\n"
            + "Date: Fri, 20 Nov 2026 18:00:00 GMT\r\nContent-Type: application/json\r\n";
    private static final String HEAD = FIELDS + "Cache-Control: no-store\r\n";

    private final WarmUpSocket listener;
    private final List<WarmUpSocket> connections = WarmUpSocket.none();
    private final ByteBuffer input = ByteBuffer.allocateDirect(4096);
    private final ByteBuffer small = answer("", JSON);
    private final ByteBuffer closing = answer("Connection: close\r\n", JSON);
    private final ByteBuffer kept = bytes(FIELDS + "X-Accel-Expires: 3600\r\nContent-Length: "
            + JSON.length() + "\r\n\r\n" + JSON);
    private final ByteBuffer large = answer("", "x".repeat(LARGE_BYTES));
    private final ByteBuffer chunked = bytes(HEAD + "Transfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(JSON.length()) + "\r\n" + JSON + "\r\n0\r\n\r\n");

    WarmUpPeer(String address) throws IOException {
        listener = WarmUpSocket.listen(address, BACKLOG);
    }

    private static ByteBuffer answer(String field, String body) {
        return bytes(HEAD + field + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static ByteBuffer bytes(String text) {
        return WarmUpSocket.outside(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Once a turn. */
    void turn() throws IOException {
        listener.acceptInto(connections);
        for (int i = connections.size() - 1; i >= 0; i--) {
            if (!serve(connections.get(i))) {
                connections.remove(i).close();
            }
        }
    }

    /** @return whether the connection stays */
    private boolean serve(WarmUpSocket c) {
        boolean starts = c.count == 0;
        int got = c.read(input);
        if (got <= 0) {
            return got == 0;
        }
        if (starts) {
            // The head comes whole: the proxy sends it with one call, and the socket is empty.
            boolean hasBody = input.get(0) == 'P';
            int kind = input.get(KIND_AT + (hasBody ? 1 : 0));
            c.expected = kind | (hasBody ? END_OF_BODY : '\n') << 8;
        }
        if (c.last != c.expected >>> 8) {
            return true;
        }
        int kind = c.expected & 0xff;
        c.nextMessage();
        return c.write(answerOf(kind)) && kind != CLOSING;
    }

    private ByteBuffer answerOf(int kind) {
        return switch (kind) {
            case CHUNKED -> chunked;
            case LARGE -> large;
            case CLOSING -> closing;
            case KEPT -> kept;
            default -> small;
        };
    }

    void close() {
        listener.close();
        WarmUpSocket.closeAll(connections);
    }
}
