package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
}
