package dev.sluice.worker.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Words of a filter, and what an operator does not get to see. */
final class WatchFilterTest {

    private static final List<String> KNOWN = List.of("client", "status", "server");

    private static WatchFilter filter(String... words) {
        return new WatchFilter(List.of(words), KNOWN);
    }

    private static boolean isClient(WatchFilter filter, String address) {
        filter.address().putAscii(address);
        return filter.isClient();
    }

    @Test
    void clientsAreNetworks() {
        WatchFilter filter = filter("client=10.0.0.0/8,::1");
        assertTrue(isClient(filter, "10.1.2.3"));
        assertTrue(isClient(filter, "::1"));
        assertFalse(isClient(filter, "192.0.2.1"));
        assertTrue(isClient(filter(), "192.0.2.1"));
    }

    @Test
    void wrongWordsAreNamed() {
        assertEquals("\"colour=red\" is none of client=, status=, server=", assertThrows(
                IllegalArgumentException.class, () -> filter("colour=red")).getMessage());
        assertThrows(IllegalArgumentException.class, () -> filter("www"));
        assertThrows(IllegalArgumentException.class, () -> filter("client=10.0.0.0/33"));
        assertThrows(IllegalArgumentException.class, () -> filter("client=localhost"));
        assertThrows(IllegalArgumentException.class, () -> filter("status=6xx"));
        assertThrows(IllegalArgumentException.class, () -> filter("status=4"));
    }
}
