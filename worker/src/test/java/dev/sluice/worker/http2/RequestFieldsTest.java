package dev.sluice.worker.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http1.ParseLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests by RFC 9113 §8: what becomes a head, and what is refused. */
final class RequestFieldsTest {

    private static final int BYTES = 40 * 1024;
    private static final String[] GET = {":method", "GET", ":scheme", "https",
        ":authority", "a.example", ":path", "/x?y=1"};

    private final RequestFields fields = new RequestFields(ParseLimits.defaults());
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final RequestHead head = new RequestHead(100);

    private static String[] get(String... more) {
        return Stream.concat(Stream.of(GET), Stream.of(more)).toArray(String[]::new);
    }

    private ParseError request(boolean body, String... namesAndValues) {
        byte[] block = Blocks.of(namesAndValues);
        fields.begin(head, memory, 0, BYTES);
        new HpackDecoder(new HpackScratch()).decode(Blocks.buffer(block), 0, block.length, fields);
        return fields.end(block.length, body);
    }

    private String text(int at, int length) {
        return Blocks.text(memory, at, length);
    }

    private List<String> table() {
        List<String> all = new ArrayList<>();
        HeaderTable t = head.headers;
        for (int i = 0; i < t.count(); i++) {
            all.add((t.dropped(i) ? "-" : "") + text(t.nameOffset(i), t.nameLength(i)) + "="
                    + text(t.valueOffset(i), t.valueLength(i)));
            // Each lies as a line of HTTP/1, so that it can be copied as one.
            assertEquals(": ", text(t.nameOffset(i) + t.nameLength(i), 2));
            assertEquals("\r\n", text(t.valueOffset(i) + t.valueLength(i), 2));
        }
        return all;
    }

    @Test
    void aRequest() {
        assertEquals(null, request(false, get("accept", "*/*", "x-empty", "")));
        assertEquals("GET /x?y=1", text(head.methodOffset,
                head.targetOffset + head.targetLength - head.methodOffset));
        assertEquals("/x", text(head.pathOffset, head.pathLength));
        assertEquals("y=1", text(head.queryOffset, head.queryLength));
        assertEquals("a.example", text(head.hostOffset, head.hostLength));
        assertEquals(List.of("host=a.example", "accept=*/*", "x-empty="), table());
        assertEquals(RequestHead.HTTP_2, head.version);
        assertEquals(0, head.contentLength);
    }

    @Test
    void hostStandsInForTheAuthority() {
        assertEquals(null, request(false, ":method", "GET", ":scheme", "http", ":path", "/",
                "host", "b.example:81"));
        assertEquals("b.example", text(head.hostOffset, head.hostLength));
        assertEquals(81, head.port);
        assertEquals(List.of("host=b.example:81"), table());
    }

    @Test
    void equalHostIsThereOnce() {
        assertEquals(null, request(false, get("host", "A.example", "a", "b")));
        assertEquals(List.of("host=a.example", "a=b"), table());
    }

    @Test
    void crumbsOfCookiesAreJoined() {
        assertEquals(null, request(false, get("cookie", "a=1", "cookie", "b=2", "x", "y",
                "cookie", "c=3")));
        assertEquals(List.of("host=a.example", "x=y", "cookie=a=1; b=2; c=3"), table());
    }

    @Test
    void oneCookie() {
        assertEquals(null, request(false, get("cookie", "a=1", "x", "y")));
        assertEquals(List.of("host=a.example", "x=y", "cookie=a=1"), table());
    }

    @Test
    void namesWithUnderscoresAreDropped() {
        assertEquals(null, request(false, get("x_forwarded_for", "1.2.3.4", "a", "b")));
        assertEquals(List.of("host=a.example", "-x_forwarded_for=1.2.3.4", "a=b"), table());
    }

    @Test
    void framing() {
        assertEquals(null, request(true, get("content-length", "5")));
        assertEquals(5, head.contentLength);
        assertEquals(null, request(true, get()));
        assertEquals(-1, head.contentLength);
        assertEquals(null, request(false, get("content-length", "0")));
        assertEquals(0, head.contentLength);
        assertEquals(ParseError.LENGTH_UNLIKE_BODY, request(false, get("content-length", "5")));
        assertEquals(ParseError.REPEATED_CONTENT_LENGTH,
                request(true, get("content-length", "5", "content-length", "5")));
        assertEquals(ParseError.BAD_CONTENT_LENGTH, request(true, get("content-length", "+5")));
        assertEquals(ParseError.BAD_CONTENT_LENGTH, request(true, get("content-length", "5, 5")));
    }

    @Test
    void connect() {
        assertEquals(null, request(true, ":method", "CONNECT", ":authority", "a.example:443"));
        assertEquals(ParseError.BAD_TARGET,
                request(true, ":method", "CONNECT", ":authority", "a.example"));
        assertEquals(ParseError.BAD_PSEUDO_HEADER, request(true, ":method", "CONNECT",
                ":authority", "a.example:443", ":path", "/", ":scheme", "https"));
        assertEquals(ParseError.LENGTH_UNLIKE_BODY, request(true, ":method", "CONNECT",
                ":authority", "a.example:443", "content-length", "5"));
    }

    /** RFC 8441 §4, §5: it becomes what HTTP/1 asks for a WebSocket with. */
    @Test
    void extendedConnect() {
        assertEquals(null, request(true, ":method", "CONNECT", ":protocol", "WebSocket", ":scheme",
                "https", ":authority", "a.example", ":path", "/chat?x=1",
                "sec-websocket-version", "13", "sec-websocket-key", "mine"));
        assertEquals("GET /chat?x=1", text(head.methodOffset,
                head.targetOffset + head.targetLength - head.methodOffset));
        assertEquals(Method.GET, head.method);
        assertEquals("/chat", text(head.pathOffset, head.pathLength));
        assertEquals(true, head.upgrade);
        assertEquals(0, head.contentLength);
        List<String> table = table();
        assertEquals(List.of("host=a.example", "sec-websocket-version=13", "upgrade=websocket"),
                table.subList(0, 3));
        String key = table.get(3).substring("sec-websocket-key=".length());
        assertEquals(16, Base64.getDecoder().decode(key).length, key);
        assertEquals(4, table.size());
        request(true, ":method", "CONNECT", ":protocol", "websocket", ":scheme", "https",
                ":authority", "a.example", ":path", "/");
        assertNotEquals("sec-websocket-key=" + key, table().getLast());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, websocket, https, /, BAD_PSEUDO_HEADER",
        "CONNECT, websocket, , /, MISSING_PSEUDO_HEADER",
        "CONNECT, websocket, https, , MISSING_PSEUDO_HEADER",
        "CONNECT, websocket, ftp, /, BAD_SCHEME",
        "CONNECT, connect-udp, https, /, UNKNOWN_PROTOCOL",
        "CONNECT, websocket, https, *, TARGET_FORM_NOT_FOR_METHOD",
    })
    void badExtendedConnect(String method, String protocol, String scheme, String path,
            ParseError expected) {
        List<String> all = new ArrayList<>(List.of(":method", method, ":protocol", protocol,
                ":authority", "a.example"));
        if (scheme != null) {
            all.addAll(List.of(":scheme", scheme));
        }
        if (path != null) {
            all.addAll(List.of(":path", path));
        }
        assertEquals(expected, request(true, all.toArray(String[]::new)));
    }

    @Test
    void extendedConnectNeedsAnAuthority() {
        assertEquals(ParseError.MISSING_PSEUDO_HEADER, request(true, ":method", "CONNECT",
                ":protocol", "websocket", ":scheme", "https", ":path", "/"));
    }

    /** One pseudo-header field of the good request is replaced; "-" takes it out. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        ":method, -, MISSING_PSEUDO_HEADER",
        ":scheme, -, MISSING_PSEUDO_HEADER",
        ":path, -, MISSING_PSEUDO_HEADER",
        ":authority, -, MISSING_HOST",
        ":method, ``, BAD_METHOD",
        ":method, GET?, `BAD_METHOD`",
        ":method, `GET /`, BAD_METHOD",
        ":method, `GET(`, BAD_METHOD",
        ":path, ``, BAD_TARGET",
        ":path, x, BAD_TARGET",
        ":path, http://other/, BAD_TARGET",
        ":path, *, TARGET_FORM_NOT_FOR_METHOD",
        ":path, `/a b`, BAD_TARGET_CHARACTER",
        ":path, /a#b, FRAGMENT_IN_TARGET",
        ":path, /a?b#c, FRAGMENT_IN_TARGET",
        ":scheme, ftp, BAD_SCHEME",
        ":scheme, http://x/?, BAD_SCHEME",
        ":authority, ``, BAD_HOST",
        ":authority, `a.example,b.example`, BAD_HOST",
        ":authority, user@a.example, BAD_HOST",
        ":authority, `a.example `, SPACE_AROUND_VALUE",
        ":authority, a.example/x, BAD_HOST",
        ":authority, a.example:99999, BAD_HOST",
    })
    void badPseudoHeader(String name, String value, ParseError expected) {
        List<String> all = new ArrayList<>(List.of(GET));
        int at = all.indexOf(name);
        if (value.equals("-")) {
            all.remove(at);
            all.remove(at);
        } else {
            all.set(at + 1, value);
        }
        assertEquals(expected, request(false, all.toArray(String[]::new)));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        ":method, POST, BAD_PSEUDO_HEADER",
        ":status, 200, BAD_PSEUDO_HEADER",
        ":unknown, x, BAD_PSEUDO_HEADER",
        "Accept, x, UPPER_CASE_NAME",
        "``, x, EMPTY_HEADER_NAME",
        "a b, x, BAD_HEADER_NAME",
        "a:, x, BAD_HEADER_NAME",
        "connection, close, CONNECTION_FIELD",
        "keep-alive, 5, CONNECTION_FIELD",
        "proxy-connection, close, CONNECTION_FIELD",
        "transfer-encoding, chunked, CONNECTION_FIELD",
        "upgrade, websocket, CONNECTION_FIELD",
        "te, gzip, CONNECTION_FIELD",
        "te, `trailers, gzip`, CONNECTION_FIELD",
        "host, other.example, HOST_UNLIKE_AUTHORITY",
        "a, ` x`, SPACE_AROUND_VALUE",
        "a, `x `, SPACE_AROUND_VALUE",
        "expect, 200-ok, UNKNOWN_EXPECTATION",
    })
    void badField(String name, String value, ParseError expected) {
        assertEquals(expected, request(false, get(name, value)));
        assertEquals(expected, head.error);
    }

    @Test
    void pseudoHeaderBehindAField() {
        // They are complete where the first field begins.
        assertEquals(ParseError.MISSING_PSEUDO_HEADER, request(false, ":method", "GET",
                ":scheme", "http", ":authority", "a", "x", "y", ":path", "/"));
        assertEquals(ParseError.BAD_PSEUDO_HEADER, request(false, ":method", "GET",
                ":scheme", "http", ":path", "/", "host", "a", ":authority", "a"));
    }

    @Test
    void teOfTrailersIsTaken() {
        assertEquals(null, request(false, get("te", "trailers")));
    }

    /** Nothing that could end a line of HTTP/1 gets in anywhere. */
    @Test
    void controlsAnywhere() {
        for (char c = 0; c < 0x20; c++) {
            String bad = "x" + c + "y";
            for (int i = 1; i < GET.length; i += 2) {
                String[] all = GET.clone();
                all[i] = i == 7 ? "/" + bad : bad;
                ParseError why = request(false, all);
                assertEquals(false, why == null, i + " " + (int) c);
            }
            assertEquals(c == '\t' ? null : ParseError.BAD_HEADER_VALUE,
                    request(false, get("a", bad)));
            assertEquals(ParseError.BAD_HEADER_NAME, request(false, get(bad, "a")));
        }
        assertEquals(ParseError.BAD_HEADER_VALUE, request(false, get("a", "x\u007fy")));
    }

    @Test
    void fieldsAreCounted() {
        String[] crumbs = new String[2 * 97];
        for (int i = 0; i < crumbs.length; i += 2) {
            crumbs[i] = "cookie";
            crumbs[i + 1] = "";
        }
        assertEquals(ParseError.TOO_MANY_HEADERS, request(false, get(crumbs)));
        crumbs[0] = "a";
        assertEquals(ParseError.TOO_MANY_HEADERS, request(false, get(crumbs)));
    }

    @Test
    void bytesAreCounted() {
        String[] many = new String[2 * 8];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = "x" + i;
            many[i + 1] = "v".repeat(4096);
        }
        assertEquals(ParseError.HEADERS_TOO_LARGE, request(false, get(many)));
        many[1] = "";
        assertEquals(null, request(false, get(many)));
        assertEquals(ParseError.REQUEST_LINE_TOO_LONG, request(false, ":method", "GET",
                ":scheme", "http", ":authority", "a", ":path", "/" + "p".repeat(8192)));
    }

    @Test
    void trailersCountOn() {
        assertEquals(null, request(true, get("a", "b")));
        int count = fields.fieldCount();
        assertEquals(5, count);
        byte[] block = Blocks.of("x-sum", "1");
        fields.beginTrailers(99, 1000, null, null, 0, 0);
        new HpackDecoder(new HpackScratch()).decode(Blocks.buffer(block), 0, block.length, fields);
        assertEquals(null, fields.error());
        fields.beginTrailers(100, 1000, null, null, 0, 0);
        new HpackDecoder(new HpackScratch()).decode(Blocks.buffer(block), 0, block.length, fields);
        assertEquals(ParseError.TOO_MANY_HEADERS, fields.error());
    }

    @Test
    void pseudoHeaderInTrailers() {
        byte[] block = Blocks.of(":path", "/");
        fields.beginTrailers(5, 100, null, null, 0, 0);
        new HpackDecoder(new HpackScratch()).decode(Blocks.buffer(block), 0, block.length, fields);
        assertEquals(ParseError.BAD_PSEUDO_HEADER, fields.error());
    }
}
