package dev.sluice.worker.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.Exchange;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules by address, from the file to the answer. */
class AddressCheckTest {

    @TempDir
    private Path directory;

    private RoutingHarness start(String text) {
        return new AccessHarness(directory, text).h;
    }

    private static int from(RoutingHarness h, String address, String target) {
        h.client.remoteAddress = address;
        return h.get(target).status();
    }

    @Test
    void theFirstRuleThatMatchesDecides() {
        RoutingHarness h = start("""
                deny = 10.0.0.1
                allow = 10.0.0.0/8 2001:db8::/32
                deny = all
                """);
        assertEquals(403, from(h, "10.0.0.1", "/"));
        assertEquals("warn: access forbidden by rule while routing request, client: 10.0.0.1, "
                + "listener: 127.0.0.1:80, server: www, "
                + "request: \"GET / HTTP/1.1\"", h.errors.getLast());
        assertEquals(200, from(h, "10.0.0.2", "/"));
        assertEquals(200, from(h, "::ffff:10.0.0.2", "/"));
        assertEquals(403, from(h, "::ffff:10.0.0.1", "/"));
        assertEquals(200, from(h, "2001:db8::1", "/"));
        assertEquals(403, from(h, "2001:db9::1", "/"));
        assertEquals(403, from(h, "unix:", "/"));
    }

    @Test
    void whatADenyDoesNotNameMayCome() {
        RoutingHarness h = start("deny = 10.0.0.0/8 unix:\n");
        assertEquals(403, from(h, "10.0.0.1", "/"));
        assertEquals(403, from(h, "unix:", "/"));
        assertEquals(200, from(h, "192.0.2.7", "/"));
    }

    @Test
    void aListOfAllowRefusesEverybodyElse() {
        RoutingHarness h = start("allow = 10.0.0.0/8\nallow = unix:\n");
        assertEquals(200, from(h, "10.0.0.1", "/"));
        assertEquals(200, from(h, "unix:", "/"));
        assertEquals(403, from(h, "192.0.2.7", "/"));
        assertEquals(403, from(h, "::1", "/"));
    }

    @Test
    void aSectionsOwnListReplacesTheInheritedOne() {
        RoutingHarness h = start("""
                deny = 10.0.0.1
                [http]
                deny = all
                [location www /open]
                allow = all
                [location www /inner]
                [location www /closed]
                deny = all
                """);
        assertEquals(200, from(h, "10.0.0.1", "/open"));
        assertEquals(403, from(h, "10.0.0.1", "/inner"));
        assertEquals(200, from(h, "10.0.0.2", "/inner"));
        assertEquals(403, from(h, "10.0.0.2", "/closed"));
    }

    @Test
    void thePageOfARefusalIsRefusedTooUnlessItIsOpen() {
        RoutingHarness h = start("""
                deny = all
                error_page = 403 /page
                [location www /page]
                [location www /page/open]
                allow = all
                return = 200 "come back"
                [location www /other]
                error_page = 403 /page/open
                """);
        assertEquals(403, from(h, "10.0.0.1", "/"));
        assertTrue(h.client.body().contains("403 Forbidden"));
        assertEquals(403, from(h, "10.0.0.1", "/other"));
        assertEquals("come back", h.client.body());
    }

    @Test
    void whatIsNoAddressMayNotCome() {
        assertEquals(403, from(start("deny = 10.0.0.1\n"), "nonsense", "/"));
    }

    @Test
    void aRuleOfTenThousandCostsNoAllocation() {
        StringBuilder rules = new StringBuilder();
        IntStream.range(0, 10_000).forEach(i -> rules.append("deny = 10.").append(i >> 8)
                .append('.').append(i & 255).append(".0/25\n"));
        RoutingHarness h = start(rules.toString());
        assertEquals(403, from(h, "10.38.255.1", "/"));
        assertEquals(200, from(h, "10.38.255.129", "/"));
        Exchange x = h.client.exchange;
        AddressCheck check = new AddressCheck(x.server.fallback.config.access().rules());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = Long.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1000; i++) {
                assertEquals(null, check.check(x));
            }
            bytes = Math.min(bytes, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(bytes < 1000, bytes + " bytes in 1000 checks");
    }
}
