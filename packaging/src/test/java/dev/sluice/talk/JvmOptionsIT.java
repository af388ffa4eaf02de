package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The operator's flags of jvm.options reach both JVMs, and a bad one stops nothing that runs. */
final class JvmOptionsIT {

    @Test
    void flagsReachTheirJvmAndABadOneIsNamed() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                return = 200 text
                """).file("jvm.options", "[master]\n-Xmx72m\n[worker]\n-Xmx80m\n").start()) {
            assertTrue(Processes.commandLine(sluice.masterPid()).contains("-Xmx72m"));
            long worker = sluice.workerPids().getFirst();
            assertTrue(Processes.commandLine(worker).contains("-Xmx80m"));

            Files.writeString(sluice.folder().resolve("jvm.options"), "[worker]\n-XX:+NoSuch\n");
            ShortCommand.ask(sluice, "reload").expect(1, "jvm.options:2: the JVM of a worker does"
                    + " not take \"-XX:+NoSuch\"", "Unrecognized VM option");
            assertEquals(worker, sluice.workerPids().getFirst());

            Files.writeString(sluice.folder().resolve("jvm.options"), "[worker]\n-Xmx81m\n");
            ShortCommand.ask(sluice, "reload").expect(0);
            Await.that("a worker with the new flag", () -> sluice.workerPids().stream()
                    .anyMatch(pid -> Processes.commandLine(pid).contains("-Xmx81m")));
        }
    }

    @Test
    void aHeapWithoutRoomForTheCacheStartsWithoutIt() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                return = 200 text
                """).file("jvm.options", "[master]\n-Xmn8m\n[worker]\n-Xmn16m\n").start()) {
            assertTrue(Processes.commandLine(sluice.masterPid()).contains("-XX:AOTMode=off"));
            sluice.awaitErrorLog("jvm.options:4: with \"-Xmn16m\" the JVM of a worker cannot use"
                    + " the AOT cache");
            sluice.awaitErrorLog("no AOT cache is used");
        }
    }
}
