package dev.sluice.modules.redislimits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.module.ModuleException;
import dev.sluice.module.testkit.InMemorySluice;
import dev.sluice.module.testkit.TestAnswer;
import dev.sluice.module.testkit.TestRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server; two of what is opened here stand for two machines. */
final class RedisLimitsTest {

    @TempDir
    Path folder;

    private final AtomicLong nowMs = new AtomicLong(1_795_197_600_000L);
    private RedisServer server;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(RedisServer.program() != null, "no valkey-server and no redis-server");
        server = new RedisServer(folder);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private InMemorySluice machine(int limit) throws ModuleException {
        return InMemorySluice.of(new RedisLimitsModule(
                        () -> Instant.ofEpochMilli(nowMs.get())))
                .setOfModule("uri", server.uri()).setOfModule("answer_within", "10s")
                .set("redis_limits", Integer.toString(limit)).set("redis_limits_window", "10s")
                .open();
    }

    private static int admitted(InMemorySluice machine, int count, String from) {
        int admitted = 0;
        for (int i = 0; i < count; i++) {
            admitted += machine.send(TestRequest.get("/").from(from)).status() == 200 ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void oneMachineLetsInExactlyTheLimit() throws Exception {
        try (InMemorySluice one = machine(25)) {
            assertEquals(25, admitted(one, 40, "192.0.2.1"));
            assertEquals(25, admitted(one, 40, "192.0.2.2"));
            assertEquals(30, one.counter("refused"));
            TestAnswer refused = one.send(TestRequest.get("/").from("192.0.2.1"));
            assertEquals(429, refused.status());
            assertEquals("10", refused.header("Retry-After"));
            nowMs.addAndGet(10_000);
            assertEquals(25, admitted(one, 40, "192.0.2.1"));
        }
    }

    @Test
    void twoMachinesShareALimitAndAskSeldom() throws Exception {
        try (InMemorySluice one = machine(100); InMemorySluice other = machine(100)) {
            int sum = 0;
            for (int i = 0; i < 80; i++) {
                sum += admitted(one, 1, "192.0.2.1") + admitted(other, 1, "192.0.2.1");
            }
            // What one of them still has when the server has nothing left is used by it alone.
            assertTrue(sum > 90 && sum <= 100, () -> "not the limit");
            assertTrue(one.counter("asked") <= 10 && other.counter("asked") <= 10);
        }
    }

    @Test
    void withoutTheServerEachCountsAlone() throws Exception {
        try (InMemorySluice one = machine(20)) {
            assertEquals(1, admitted(one, 1, "192.0.2.1"));
            server.close();
            assertEquals(20, admitted(one, 30, "192.0.2.2"));
            assertTrue(one.counter("local") > 0);
            assertTrue(one.log().getFirst().contains("limits are counted by each worker alone"),
                    one.log()::toString);
            server.start();
            nowMs.addAndGet(10_000);
            for (int i = 0; one.log().size() < 2 && i < 1000; i++) {
                LockSupport.parkNanos(20_000_000);
                nowMs.addAndGet(10_000);
                admitted(one, 1, "192.0.2.3");
            }
            assertTrue(one.log().getLast().contains("limits are shared again"),
                    one.log()::toString);
        }
    }

    @Test
    void aBadAddressOfTheServerIsToldWithoutItsPassword() {
        ModuleException bad = assertThrows(ModuleException.class, () ->
                InMemorySluice.of(new RedisLimitsModule()).setOfModule("uri", "http://:secret@x")
                        .set("redis_limits", "1").open());
        assertEquals("uri is none", bad.getMessage());
    }
}
