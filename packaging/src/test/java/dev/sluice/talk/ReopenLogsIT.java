package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** After USR1 lines go to new files, and none is lost in between. */
final class ReopenLogsIT {

    @Test
    void renamedLogsAreLeft() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                return = 200 ok
                """).workers(2).start();
                var client = sluice.client()) {
            client.get("/before").response();
            sluice.awaitAccessLog(1);
            Path old = rename(sluice, "access.log");
            rename(sluice, "error.log");
            client.get("/between").response();
            sluice.signal("USR1");
            Await.that("new files", () -> Files.exists(sluice.folder().resolve("access.log"))
                    && Files.exists(sluice.folder().resolve("error.log")));
            Await.that("a line in the new file", () -> {
                client.get("/after").response();
                return sluice.accessLog().stream().anyMatch(l -> l.contains("/after"));
            });
            String oldLines = Files.readString(old);
            String newLines = String.join("\n", sluice.accessLog());
            assertTrue(oldLines.contains("/before"), oldLines);
            assertEquals(1, (oldLines + newLines).split("/between", -1).length - 1);
        }
    }

    @Test
    void whatTheJvmPrintsGoesToTheNewFile() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                return = 200 ok
                """).start()) {
            Path old = rename(sluice, "error.log");
            long worker = sluice.workerPids().getFirst();
            sluice.signal("USR1");
            for (int fd = 1; fd <= 2; fd++) {
                Path output = Path.of("/proc/" + worker + "/fd/" + fd);
                Await.that("another output", () -> Files.exists(output)
                        && Files.readSymbolicLink(output).endsWith("error.log"));
            }
            Processes.signal(worker, "QUIT");
            sluice.awaitErrorLog("Full thread dump");
            assertFalse(Files.readString(old).contains("Full thread dump"));
        }
    }

    private static Path rename(RunningSluice sluice, String name) throws Exception {
        return Files.move(sluice.folder().resolve(name), sluice.folder().resolve(name + ".1"));
    }
}
