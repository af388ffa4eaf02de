package dev.sluice.worker.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.route.Sites;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ExchangePathTest {

    private final Sites sites = new Sites();
    private final RoutingHarness h =
            new RoutingHarness(sites.add(sites.site("www").listen(80, false)).config());
    private final ExchangePath paths = new ExchangePath(true);

    private Exchange receive(String target) {
        Exchange x = h.client.request("GET " + target + " HTTP/1.1\nHost: a");
        x.pathBuffer = null;
        assertNull(paths.receive(x));
        return x;
    }

    private ParseError change(Exchange x, String path, String query) {
        byte[] bytes = (path + query).getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return paths.change(x, b, 0, path.length(), path.length(), query.length());
    }

    @Test
    void aPlainPathIsTheReceivedBytes() {
        Exchange x = receive("/a/b?c");
        assertSame(x.request.buffer(), x.pathBuffer);
        assertNull(x.pathMemory);
        assertFalse(x.pathChanged);
    }

    @Test
    void anotherPathIsInMemoryThatIsKept() {
        Exchange x = receive("/%61");
        ByteBuffer memory = x.pathMemory;
        assertEquals("/a", RoutingHarness.path(x));
        x.end();
        x = receive("/%62%63");
        assertEquals("/bc", RoutingHarness.path(x));
        assertSame(memory, x.pathMemory);
        x.end();
        String letters = "x".repeat(6000);
        x = receive("/%64" + letters);
        assertEquals("/d" + letters, RoutingHarness.path(x));
        assertNotSame(x.pathBuffer, x.pathMemory, "large memory is not kept");
    }

    @Test
    void anAbsoluteTargetWithoutPathIsTheRoot() {
        assertEquals("/", RoutingHarness.path(receive("http://a?q")));
    }

    @Test
    void aChangeCopiesPathAndQuery() {
        Exchange x = receive("/a?old");
        assertNull(change(x, "/x/../%62//c", "q=1"));
        assertEquals("/b/c", RoutingHarness.path(x));
        assertEquals(3, x.queryLength);
        assertTrue(x.pathChanged);
        assertNull(change(x, "/plain", ""));
        assertEquals("/plain", RoutingHarness.path(x));
        assertEquals(ParseError.PATH_ABOVE_ROOT, change(x, "/..", ""));
        assertEquals("/plain", RoutingHarness.path(x));
    }

    @Test
    void aBadChangeLeavesTheExchangeAlone() {
        Exchange x = receive("/a");
        assertEquals(ParseError.PATH_ABOVE_ROOT, change(x, "/../x", ""));
        assertEquals("/a", RoutingHarness.path(x));
        assertFalse(x.pathChanged);
    }
}
