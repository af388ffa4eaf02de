package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A master started by root keeps root for itself; its workers run as {@code user}. */
final class PrivilegesIT {

    private static final String USER = "nobody";

    @Test
    void workersDropThem() throws Exception {
        assumeTrue(status(ProcessHandle.current().pid(), "Uid").startsWith("0 "),
                "only root can change users");
        String uid = Files.readAllLines(Path.of("/etc/passwd")).stream()
                .filter(l -> l.startsWith(USER + ":")).findFirst().orElseThrow().split(":")[2];
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                """).main("user = " + USER).file("www/a.txt", "hello").start();
                var client = sluice.client()) {
            assertEquals("hello", client.get("/a.txt").response().text());
            long worker = sluice.workerPids().getFirst();
            assertEquals(String.join(" ", List.of(uid, uid, uid, uid)), status(worker, "Uid"));
            assertEquals("0000000000000000", status(worker, "CapEff"));
            assertEquals("1", status(worker, "NoNewPrivs"));
            sluice.awaitAccessLog(1);
            // Its logs can be opened anew, although root made them.
            Files.move(sluice.folder().resolve("access.log"), sluice.folder().resolve("old"));
            sluice.signal("USR1");
            Await.that("a line in the new file", () -> {
                client.get("/a.txt").response();
                return !sluice.accessLog().isEmpty();
            });
        }
    }

    private static String status(long pid, String name) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(l -> l.startsWith(name + ":")).findFirst().orElseThrow()
                .substring(name.length() + 1).strip().replaceAll("\\s+", " ");
    }
}
