package dev.sluice.worker.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.config.ServerNameConfig;
import dev.sluice.common.config.ServerNameConfig.Kind;
import dev.sluice.worker.variables.NamePlaces;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostTableTest {

    private final HostTable table = new HostTable(new NamePlaces());

    private void add(int value, Kind kind, String name) {
        table.add(List.of(new ServerNameConfig(name, kind)), value, false);
    }

    private int find(String host) {
        ByteBuffer b = ByteBuffer.wrap(("..." + host).getBytes(StandardCharsets.US_ASCII));
        return table.find(b, 3, host.length());
    }

    @Test
    void followsNginxsOrder() {
        add(0, Kind.REGEX, "^www\\d+\\.example\\.com$");
        add(1, Kind.TRAILING_WILDCARD, "www.*");
        add(2, Kind.LEADING_WILDCARD, "*.example.com");
        add(3, Kind.EXACT, "www.example.com");
        add(4, Kind.LEADING_WILDCARD, "*.deep.example.com");
        add(5, Kind.TRAILING_WILDCARD, "www.example.*");
        add(6, Kind.REGEX, "example\\.net$");
        assertEquals(3, find("www.example.com"));
        assertEquals(3, find("WWW.EXAMPLE.com."));
        assertEquals(2, find("a.example.com"));
        assertEquals(2, find("a.b.example.com"));
        assertEquals(4, find("a.b.deep.example.com"));
        assertEquals(2, find("www7.example.com"), "a wildcard comes before an expression");
        assertEquals(5, find("www.example.net"));
        assertEquals(1, find("www.other.net"));
        assertEquals(6, find("a.EXAMPLE.net"));
        assertEquals(0, find("example.com"), "the default is the first server");
        assertEquals(0, find(""));
        assertEquals(0, find("www."));
    }

    @Test
    void anEmptyNameIsARequestWithoutHost() {
        table.add(List.of(), 0, true);
        add(1, Kind.EXACT, "");
        assertEquals(1, find(""));
        assertEquals(0, find("a"));
    }

    @Test
    void theMarkedServerIsTheDefault() {
        table.add(List.of(), 0, false);
        table.add(List.of(), 1, true);
        table.add(List.of(), 2, false);
        assertEquals(1, find("whatever"));
    }

    @Test
    void findsEachOfManyNames() {
        for (int i = 0; i < 10_000; i++) {
            add(i, Kind.EXACT, "h" + i + ".example.com");
            add(i, Kind.LEADING_WILDCARD, "*.w" + i + ".example.com");
        }
        for (int i = 0; i < 10_000; i++) {
            assertEquals(i, find("h" + i + ".example.com"));
            assertEquals(i, find("a.b.w" + i + ".example.com"));
        }
    }
}
