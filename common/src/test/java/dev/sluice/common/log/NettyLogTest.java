package dev.sluice.common.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.util.internal.logging.InternalLogger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Netty warns of is in the error log, and nothing else of it. */
class NettyLogTest {

    private final List<String> lines = new ArrayList<>();
    private final InternalLogger log;

    NettyLogTest() {
        var factory = new NettyLog.Factory();
        factory.sayTo(new ErrorLog() {
            @Override
            public boolean enabled(Level level) {
                return true;
            }

            @Override
            public void log(Level level, String line) {
                lines.add(level.label() + " " + line);
            }

            @Override
            public void reopen() {}
        });
        log = factory.newInstance("io.netty.util.Leaks");
    }

    @Test
    void valuesStandInTheirPlaces() {
        log.warn("{} of {}", 1, 2);
        log.error("no place", "left");
        log.warn("one {}, none {}", "a");
        log.warn("{}{}{}.", 1, 2, 3);
        assertEquals(List.of("warn Netty, Leaks: 1 of 2", "error Netty, Leaks: no place",
                "warn Netty, Leaks: one a, none {}", "warn Netty, Leaks: 123."), lines);
    }

    @Test
    void causeFollowsWithItsFrames() {
        log.warn("failed at {}", "home", new IllegalStateException("no key"));
        assertEquals("error Netty, Leaks: failed at home: java.lang.IllegalStateException: no key",
                lines.getFirst());
        assertEquals(true, lines.get(1).contains("at dev.sluice.common.log.NettyLogTest"));
    }

    @Test
    void whatItOnlyTellsIsNotKept() {
        log.info("using {}", "epoll");
        log.debug("a", new IllegalStateException());
        log.trace("b");
        assertEquals(List.of(), lines);
    }
}
