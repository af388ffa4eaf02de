package dev.sluice.worker.http2;

import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.ResponseHead;
import dev.sluice.worker.http1.ParseLimits;
import dev.sluice.worker.http1.RequestParser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Fuzz target: any bytes as the header block of a request, and of a response. A request that is
 * accepted must be read in the same way by a strict reader of HTTP/1.1 when it is written as such.
 * How it is run is in {@code src/test/corpus/http2/README.md}; the corpus is run by every build.
 */
public final class HeaderBlockFuzz {

    private static final int BYTES = 40 * 1024;
    private static final int FIELDS_MAX = 100;

    private HeaderBlockFuzz() {}

    /** The entry Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuffer memory = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        RequestHead head = new RequestHead(FIELDS_MAX);
        ParseError first = request(input, head, memory);
        RequestHead again = new RequestHead(FIELDS_MAX);
        ByteBuffer other = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        check(request(input, again, other) == first, "the same block is refused once");
        if (first == null) {
            asHttp1(head, text(head));
            check(head.upgrade || text(head).equals(text(again)), "the same block differs");
        }
        response(input, memory);
    }

    /** @return why it is refused; BAD_PSEUDO_HEADER for a block that cannot be read */
    private static ParseError request(byte[] input, RequestHead head, ByteBuffer memory) {
        RequestFields fields = new RequestFields(ParseLimits.defaults());
        fields.begin(head, memory, 0, BYTES);
        boolean read = new HpackDecoder(new HpackScratch())
                .decode(Blocks.buffer(input), 0, input.length, fields);
        ParseError error = fields.end(input.length, false);
        return read ? error : ParseError.BAD_PSEUDO_HEADER;
    }

    private static void response(byte[] input, ByteBuffer memory) {
        ResponseFields fields = new ResponseFields();
        ResponseHead head = new ResponseHead(FIELDS_MAX);
        fields.begin(head, memory, 0, BYTES, BYTES);
        boolean read = new HpackDecoder(new HpackScratch())
                .decode(Blocks.buffer(input), 0, input.length, fields);
        if (read && fields.end(Method.GET, true) == null) {
            check(head.status >= 100 && head.status <= 599, "status " + head.status);
            lines(head.headers);
        }
    }

    /** The head as a message of HTTP/1.1, field by field. */
    private static String text(RequestHead head) {
        ByteBuffer b = head.buffer();
        return Blocks.text(b, head.methodOffset, head.methodLength) + " "
                + Blocks.text(b, head.targetOffset, head.targetLength) + " HTTP/1.1\r\n"
                + lines(head.headers) + "\r\n";
    }

    private static String lines(HeaderTable headers) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < headers.count(); i++) {
            String name = Blocks.text(
                    headers.buffer(), headers.nameOffset(i), headers.nameLength(i));
            String value = Blocks.text(
                    headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
            check(!name.isEmpty() && name.chars().noneMatch(c -> c <= ' ' || c == ':'),
                    "name " + name);
            check(value.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0),
                    "value of " + name);
            text.append(name).append(": ").append(value).append("\r\n");
        }
        return text.toString();
    }

    private static void asHttp1(RequestHead head, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        RequestHead read = new RequestHead(FIELDS_MAX);
        RequestParser parser = new RequestParser(ParseLimits.defaults());
        parser.reset(0);
        int end = parser.parse(read, Blocks.buffer(bytes), bytes.length);
        if (end < 0 && (read.error == ParseError.HEADERS_TOO_LARGE
                || read.error == ParseError.TOO_MANY_HEADERS)) {
            return;
        }
        check(end == bytes.length, "HTTP/1.1 reads " + end + " of " + bytes.length + ": "
                + read.error + "\n" + text);
        check(read.method == head.method && read.form == head.form
                && read.pathLength == head.pathLength && read.queryLength == head.queryLength
                && read.port == head.port && read.contentLength == head.contentLength
                && read.headers.count() == head.headers.count(),
                "HTTP/1.1 reads it in another way\n" + text);
        check(Blocks.text(read.buffer(), read.hostOffset, read.hostLength)
                .equals(Blocks.text(head.buffer(), head.hostOffset, head.hostLength)),
                "HTTP/1.1 reads another host\n" + text);
    }

    private static void check(boolean right, String what) {
        if (!right) {
            throw new IllegalStateException(what);
        }
    }
}
