package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Files with thousands of locations. Work is counted by what it allocates, which no other load of
 * the machine changes: what compares or copies each with all others grows by a hundred for ten.
 */
class ManyRoutesTest {

    private static final int FEW = 1_000;
    private static final int MANY = 10_000;
    /** A route takes 5 to 6 KB of work; one that parses every default again takes 30. */
    private static final long BYTES_PER_ROUTE_MAX = 12_000;

    private static String text(int routes, int changed) {
        StringBuilder text = new StringBuilder(
                "[upstream app]\nserver = 127.0.0.1:9\n[server www]\nlisten = 80\nroot = /\n"
                        + "add_header = X-A a\n");
        for (int i = 0; i < routes; i++) {
            String pattern = switch (i % 4) {
                case 0 -> "/api/v1/r" + i + "/";
                case 1 -> "/users/{id}/r" + i;
                case 2 -> "= /exact/" + i;
                default -> "^~ /assets/" + i + "/";
            };
            text.append("[location www ").append(pattern).append("]\n")
                    .append(i % 2 == 0 ? "proxy_pass = http://app\nproxy_set_header = X-B b\n"
                            : "return = 200 " + (i == changed ? "other" : "text") + "\n");
        }
        return text.toString();
    }

    private static LoadedConfig load(String text) {
        LoadedConfig loaded = ConfigLoader.loadText(text, Path.of("/"));
        assertEquals(List.of(), loaded.errors());
        return loaded;
    }

    private static long bytesOf(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void loadingGrowsWithTheFileAndNoFaster() {
        String few = text(FEW, -1);
        String many = text(MANY, -1);
        load(few);
        long ofFew = bytesOf(() -> load(few));
        long ofMany = bytesOf(() -> load(many));
        assertTrue(ofMany < 12 * ofFew, ofFew + " bytes for " + FEW + ", " + ofMany);
        assertTrue(ofMany < MANY * BYTES_PER_ROUTE_MAX, ofMany + " bytes");
    }

    @Test
    void differenceOfTwoIsFoundWithoutCopyingThem() {
        SluiceConfig before = load(text(MANY, -1)).config();
        // Nearly everything is the same, a line further down.
        SluiceConfig after = load("# moved\n" + text(MANY, 5_001)).config();
        ConfigDifference.between(before, before);
        long bytes = bytesOf(() -> assertEquals(List.of("location  ~ www /users/{id}/r5001"),
                ConfigDifference.between(before, after)));
        assertTrue(bytes < MANY * 2_500L, bytes + " bytes");
    }

    @Test
    void sectionsThatGiveNothingShareTheirDefaults() {
        List<LocationConfig> all =
                load(text(FEW, -1)).config().servers().getFirst().locations();
        assertEquals(FEW, all.size());
        for (LocationConfig one : all) {
            assertTrue(one.statics().index() == all.getFirst().statics().index());
        }
    }

    /** What is shared is what each would have had for itself. */
    @Test
    void sectionsThatGiveSomethingHaveTheirOwn() {
        List<ServerConfig> servers = load("""
                [upstream app]
                server = 127.0.0.1:9
                [http]
                add_header = X-A a
                send_timeout = 7s
                [server one]
                listen = 81
                root = /
                try_files = /x =404
                [server two]
                listen = 82
                request_id_header = X-Request-ID
                [location one /1]
                proxy_pass = http://app
                [location one /2]
                proxy_pass = http://app
                clear = header
                [location one /3]
                proxy_pass = http://app
                send_timeout = 9s
                [location two /1]
                proxy_pass = http://app
                [location two /2]
                proxy_pass = http://app
                proxy_set_header = X-B b
                [location one /4]
                proxy_pass = http://app
                """).config().servers();
        List<LocationConfig> one = servers.get(0).locations();
        List<LocationConfig> two = servers.get(1).locations();
        assertEquals(List.of(1, 0, 1, 1), one.stream()
                .map(at -> at.headers().add().size()).toList());
        assertEquals(List.of(7_000L, 7_000L, 9_000L, 7_000L), one.stream()
                .map(at -> at.client().sendTimeoutMs()).toList());
        assertEquals(2, servers.get(0).fallback().statics().tryFiles().size());
        assertEquals(List.of(), one.get(0).statics().tryFiles());
        assertEquals(List.of(0, 0, 0, 0), one.stream()
                .map(at -> at.proxy().headers().set().size()).toList());
        assertEquals(List.of(1, 2), two.stream()
                .map(at -> at.proxy().headers().set().size()).toList());
        assertSame(one.get(0).proxy().headers(), one.get(3).proxy().headers());
        assertSame(one.get(0).client(), two.get(0).client());
    }

    /** Each key that decides about something shared, in a location after one without it. */
    @Test
    void noKeyIsOverlookedBesideOthersThatShare() {
        List<LocationConfig> all = load("""
                [upstream app]
                server = 127.0.0.1:9
                [limit few]
                rate = 1r/s
                [server one]
                listen = 81
                access_log = /x/a.log
                [location one /]
                proxy_pass = http://app
                [location one /sep]
                proxy_pass = http://app
                keepalive_timeout = 7s
                [location one /deny]
                proxy_pass = http://app
                deny = all
                [location one /limit]
                proxy_pass = http://app
                limit = few
                [location one /page]
                proxy_pass = http://app
                error_page = 404 /x
                [location one /log]
                proxy_pass = http://app
                access_log = off
                [location one /bind]
                proxy_pass = http://app
                proxy_bind = 127.0.0.2
                [location one /slow]
                proxy_pass = http://app
                proxy_read_timeout = 9s
                [location one /uri]
                proxy_pass = http://app/x
                """).config().servers().getFirst().locations();
        LocationConfig plain = all.get(0);
        assertEquals(7_000, all.get(1).client().keepaliveTimeoutMs());
        assertEquals(1, all.get(2).access().rules().size());
        assertEquals(1, all.get(3).limits().rates().size());
        assertEquals(1, all.get(4).errorPages().size());
        assertEquals(List.of(), all.get(5).accessLogs());
        assertEquals("127.0.0.2", all.get(6).proxy().transport().bindAddress());
        assertEquals(9_000, all.get(7).proxy().readTimeoutMs());
        assertEquals("/x", all.get(8).proxy().uri());
        for (int i = 1; i < 6; i++) {
            assertSame(plain.proxy(), all.get(i).proxy());
        }
        assertSame(plain.accessLogs(), all.get(8).accessLogs());
        assertSame(plain.access(), all.get(8).access());
    }
}
