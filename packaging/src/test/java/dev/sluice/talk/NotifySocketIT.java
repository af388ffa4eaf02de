package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What systemd is told when the unit is of Type=notify, over a path and an abstract name. */
final class NotifySocketIT {

    private static final String BEFORE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            return = 200 before
            """;

    private static final String AFTER = BEFORE.replace("127.0.0.1", "127.0.0.2");

    @Test
    void startReloadFailingReloadAndStopAreTold() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE).workers(2);
                var systemd = new NotifyListener(path(sluice))) {
            sluice.environment("NOTIFY_SOCKET", systemd.name())
                    .environment("WATCHDOG_USEC", "2000000").start();
            String ready = systemd.await(0, "READY=1\n");
            assertTrue(ready.contains("STATUS=2 workers, generation 1, "), ready);
            systemd.await(0, "EXTEND_TIMEOUT_USEC=");
            String kept = "FDNAME=127.0.0.1_" + sluice.port();
            Await.that("both sockets kept", () -> systemd.count(kept) == 2);
            systemd.await(0, "WATCHDOG=1\n");

            int from = systemd.messages().size();
            sluice.writeConfiguration(AFTER);
            sluice.signal("HUP");
            String reloading = systemd.await(from, "RELOADING=1\n");
            long toldUs = Long.parseLong(reloading.lines()
                    .filter(line -> line.startsWith("MONOTONIC_USEC="))
                    .findFirst().orElseThrow().substring("MONOTONIC_USEC=".length()));
            long agoUs = SystemClock.INSTANCE.nowNs() / 1000 - toldUs;
            assertTrue(agoUs >= 0 && agoUs < 30_000_000, "told " + agoUs + " us ago");
            assertTrue(systemd.await(from, "READY=1\n").contains("generation 2, "));
            systemd.await(from, "FDSTORE=1\nFDNAME=127.0.0.2_" + sluice.port() + "\n");
            systemd.await(from, "FDSTOREREMOVE=1\n" + kept + "\n");

            from = systemd.messages().size();
            sluice.writeConfiguration(AFTER + "retrun = 200 oops\n");
            sluice.signal("HUP");
            systemd.await(from, "RELOADING=1\n");
            String again = systemd.await(from, "READY=1\n");
            assertTrue(again.contains("generation 2, ")
                    && again.contains("last failure: the configuration is bad"), again);

            sluice.signal("TERM");
            systemd.await(from, "STOPPING=1\n");
            assertEquals(0, sluice.awaitExit());
            assertEquals(3, systemd.count("READY=1"), "of " + systemd.messages());
            assertEquals(1, systemd.count("STOPPING=1"), "of " + systemd.messages());
        }
    }

    @Test
    void upgradeNamesTheNewMainProcess() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE);
                var systemd = new NotifyListener(path(sluice))) {
            sluice.environment("NOTIFY_SOCKET", systemd.name()).start();
            systemd.await(0, "READY=1\n");
            int from = systemd.messages().size();
            ShortCommand.ask(sluice, "upgrade").expect(0);
            String ready = systemd.await(from, "READY=1\n");
            assertTrue(ready.contains("STATUS=1 worker, generation 2, "), ready);
            // systemd believes nobody but the main process.
            String main = "MAINPID=" + sluice.pidInFile() + "\n";
            assertTrue(systemd.messages().indexOf(main) < systemd.messages().indexOf(ready),
                    "order of " + systemd.messages());
            assertTrue(systemd.messages().contains(main), "of " + systemd.messages());
            assertEquals(0, sluice.awaitExit());
            assertEquals(0, systemd.count("STOPPING=1"), "of " + systemd.messages());
        }
    }

    @Test
    void abstractNameIsUnderstood() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE);
                var systemd = new NotifyListener("@sluice-test-" + sluice.folder())) {
            sluice.environment("NOTIFY_SOCKET", systemd.name()).start();
            systemd.await(0, "READY=1\n");
            assertEquals(0, systemd.count("WATCHDOG=1"), "no watchdog is configured");
        }
    }

    @Test
    void nobodyWhoListensIsNoFailure() throws Exception {
        try (var sluice = RunningSluice.with(BEFORE)) {
            sluice.environment("NOTIFY_SOCKET", path(sluice)).start();
            sluice.awaitErrorLog("cannot be told");
            sluice.signal("TERM");
            assertEquals(0, sluice.awaitExit());
        }
    }

    private static String path(RunningSluice sluice) {
        return Path.of(sluice.folder().toString(), "notify.sock").toString();
    }
}
