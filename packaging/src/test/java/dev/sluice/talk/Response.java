package dev.sluice.talk;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A response as it came over the wire, read by the strictest rules: exactly one framing, CR LF
 * everywhere, no chunk extension. What breaks them is an {@link AssertionError}.
 */
record Response(int status, String reason, List<Field> fields, byte[] body, boolean chunked) {

    record Field(String name, String value) {
    }

    /** Reads a response to a request that had this method; HEAD means that no body follows. */
    static Response read(InputStream in, String method) throws IOException {
        Response head = readHead(in);
        boolean bodiless = method.equals("HEAD") || head.status < 200 || head.status == 204
                || head.status == 304;
        String encoding = head.field("Transfer-Encoding");
        String length = head.field("Content-Length");
        require(encoding == null || length == null, "Transfer-Encoding beside Content-Length");
        if (bodiless) {
            return head;
        }
        if (encoding != null) {
            require(encoding.equals("chunked"), "Transfer-Encoding: " + encoding);
            return head.withBody(readChunks(in), true);
        }
        if (length != null) {
            return head.withBody(exactly(in, Integer.parseInt(length)), false);
        }
        require("close".equalsIgnoreCase(head.field("Connection")), "no framing, not closing");
        return head.withBody(in.readAllBytes(), false);
    }

    /** Reads status line and fields only. */
    static Response readHead(InputStream in) throws IOException {
        String statusLine = line(in);
        require(statusLine.matches("HTTP/1\\.1 [1-5]\\d\\d .*"), "status line: " + statusLine);
        var fields = new ArrayList<Field>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(": ");
            require(colon > 0, "header line: " + line);
            fields.add(new Field(line.substring(0, colon), line.substring(colon + 2)));
        }
        return new Response(Integer.parseInt(statusLine.substring(9, 12)),
                statusLine.substring(13), List.copyOf(fields), new byte[0], false);
    }

    /** Length of the next chunk, 0 after the last one, whose trailer section has been read too. */
    static long chunkSize(InputStream in) throws IOException {
        String size = line(in);
        require(size.matches("[0-9a-fA-F]{1,16}"), "chunk size: " + size);
        long length = Long.parseLong(size, 16);
        if (length == 0) {
            while (!line(in).isEmpty()) {
                continue;
            }
        }
        return length;
    }

    private static byte[] readChunks(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        for (long size = chunkSize(in); size > 0; size = chunkSize(in)) {
            body.write(exactly(in, (int) size));
            require(line(in).isEmpty(), "chunk data does not end with CR LF");
        }
        return body.toByteArray();
    }

    static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length != length) {
            throw new EOFException("got " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** A line without its CR LF; a bare CR or LF fails. */
    static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("closed after \"" + line + "\"");
            }
            if (b == '\r') {
                require(in.read() == '\n', "CR without LF after " + line);
                return line.toString();
            }
            require(b != '\n', "LF without CR after " + line);
            line.append((char) b);
        }
    }

    private static void require(boolean fact, String otherwise) {
        if (!fact) {
            throw new AssertionError(otherwise);
        }
    }

    private Response withBody(byte[] bytes, boolean chunks) {
        return new Response(status, reason, fields, bytes, chunks);
    }

    /** The value of a field that may occur once; null when absent. */
    String field(String name) {
        List<String> all = all(name);
        require(all.size() <= 1, name + " is repeated: " + all);
        return all.isEmpty() ? null : all.getFirst();
    }

    List<String> all(String name) {
        return fields.stream()
                .filter(f -> f.name.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
                .map(Field::value).toList();
    }

    String text() {
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    boolean closes() {
        return "close".equalsIgnoreCase(field("Connection"));
    }

    @Override
    public String toString() {
        String start = text();
        return status + " " + reason + " " + fields + " body of " + body.length + " bytes: "
                + start.substring(0, Math.min(200, start.length()));
    }
}
