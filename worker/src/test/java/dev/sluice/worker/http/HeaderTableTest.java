package dev.sluice.worker.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The table of fields, and which of them stop at this hop. */
class HeaderTableTest {

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A table of {@code name: value} lines. */
    private static HeaderTable table(String... lines) {
        ByteBuffer b = ByteBuffer.allocateDirect(4096).order(ByteOrder.LITTLE_ENDIAN);
        HeaderTable table = new HeaderTable(lines.length);
        table.reset(b);
        int at = 7;
        for (String line : lines) {
            b.put(at, ascii(line));
            int colon = line.indexOf(':');
            int id = HeaderName.idOf(b, at, colon);
            assertTrue(table.add(at, colon, at + colon + 2, line.length() - colon - 2, id));
            at += line.length();
        }
        assertFalse(table.add(at, 1, at, 0, HeaderName.UNKNOWN), "the table is full");
        return table;
    }

    private static String dropped(HeaderTable table) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < table.count(); i++) {
            s.append(table.dropped(i) ? '-' : '+');
        }
        return s.toString();
    }

    @Test
    void findsByIdAndByName() {
        HeaderTable table = table("Cookie: a", "X-One: b", "cookie: c", "x-one: d", "Sec-CH-UA: e",
                "Traceparent: f", "Sec-WebSocket-Key: g", "sec-websocket-key: h");
        assertEquals(8, table.count());
        assertEquals(0, table.find(HeaderName.COOKIE));
        assertEquals(2, table.findNext(HeaderName.COOKIE, 0));
        assertEquals(-1, table.findNext(HeaderName.COOKIE, 2));
        assertTrue(table.isRepeated(HeaderName.COOKIE));
        assertFalse(table.isRepeated(HeaderName.TRACEPARENT));
        assertEquals(-1, table.find(HeaderName.HOST));
        assertEquals(5, table.find(HeaderName.TRACEPARENT));
        assertEquals(-1, table.findNext(HeaderName.TRACEPARENT, 5));
        assertEquals(6, table.find(HeaderName.SEC_WEBSOCKET_KEY));
        assertEquals(7, table.findNext(HeaderName.SEC_WEBSOCKET_KEY, 6));
        assertEquals(1, table.find(HeaderName.UNKNOWN));
        assertEquals(3, table.findNext(HeaderName.UNKNOWN, 1));
        assertEquals(1, table.find(ascii("x-one")));
        assertEquals(-1, table.find(ascii("x-on")));
        assertEquals(4, table.find(ascii("sec-ch-ua")));
        table.reset(table.buffer());
        assertEquals(-1, table.find(HeaderName.COOKIE));
        assertFalse(table.isRepeated(HeaderName.COOKIE));
    }

    @Test
    void comparesValues() {
        HeaderTable table = table("Connection: Foo , Keep-Alive,,\tbar", "TE: trailers");
        assertTrue(table.valueHasToken(0, ascii("foo")));
        assertTrue(table.valueHasToken(0, ascii("keep-alive")));
        assertTrue(table.valueHasToken(0, ascii("bar")));
        assertFalse(table.valueHasToken(0, ascii("ba")));
        assertFalse(table.valueHasToken(0, ascii("alive")));
        assertTrue(table.valueEqualsIgnoreCase(1, ascii("trailers")));
        assertFalse(table.valueEqualsIgnoreCase(1, ascii("trailer")));
    }

    @Test
    void droppedFieldsStayFindable() {
        HeaderTable table = table("Upgrade: a", "Host: b");
        table.drop(0);
        assertTrue(table.dropped(0));
        assertFalse(table.dropped(1));
        assertEquals(0, table.find(HeaderName.UPGRADE));
        assertEquals(HeaderName.UPGRADE, table.id(0));
        assertEquals(7, table.nameLength(0));
    }

    @Test
    void hopByHopFieldsStopHere() {
        HeaderTable table = table("Host: a", "Connection: keep-alive", "Keep-Alive: timeout=5",
                "TE: trailers", "Trailer: x", "Transfer-Encoding: chunked", "Upgrade: h2c",
                "Proxy-Connection: close", "Proxy-Authorization: x", "HTTP2-Settings: x",
                "Accept: b", "X-Other: c");
        HopByHop.mark(table);
        assertEquals("+---------++", dropped(table));
        assertTrue(HopByHop.isHopByHop(HeaderName.UPGRADE));
        assertFalse(HopByHop.isHopByHop(HeaderName.HOST));
        assertFalse(HopByHop.isHopByHop(HeaderName.UNKNOWN));
    }

    @Test
    void connectionNamesMoreOfThem() {
        HeaderTable table = table("X-Drop: a", "Connection: close, x-drop ,X-Two", "x-two: b",
                "X-Two-More: c", "connection: X-THREE", "X-Three: d", "X-Drop: e");
        HopByHop.mark(table);
        assertEquals("---+---", dropped(table));
    }

    @Test
    void connectionCannotNameWhatTheNextHopTrusts() {
        HeaderTable table = table("Host: a", "X-Forwarded-For: b", "X-Real-IP: c", "Cookie: d",
                "X-Forwarded-User: e", "Authorization: f", "Content-Length: 5", "Via: g",
                "Connection: host, x-forwarded-for, x-real-ip, cookie, x-forwarded-user",
                "Connection: authorization, content-length, via, cache-control",
                "Cache-Control: h");
        HopByHop.mark(table);
        assertEquals("++++++++--+", dropped(table));
    }
}
