package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code -t}, {@code -T} and {@code -v} print, and their exit codes. */
final class ConfigMessagesIT {

    @TempDir
    private Path folder;

    private Processes.Ended sluice(String text, String... words) throws Exception {
        Path file = folder.resolve("sluice.ini");
        Files.writeString(file, text.replace("@DIR@", folder.toString()));
        var command = RunningSluice.command("-c", file.toString());
        command.addAll(java.util.List.of(words));
        return Processes.run(command);
    }

    @Test
    void goodFile() throws Exception {
        Processes.Ended ended = sluice("""
                [main]
                error_log = @DIR@/error.log
                run_directory = @DIR@/run
                [http]
                access_log = @DIR@/access.log
                [server s]
                listen = 127.0.0.1:1
                [location s /]
                proxy_pass = http://no-such-host.invalid:8080
                """, "-t");
        assertEquals(0, ended.exitCode(), ended.output());
        assertTrue(ended.output().contains(folder.resolve("sluice.ini").toString()),
                ended.output());
        // It resolves no name, listens nowhere and touches no log.
        assertFalse(Files.exists(folder.resolve("error.log")), "made a log");
        assertFalse(Files.exists(folder.resolve("access.log")), "made a log");
        assertFalse(Files.exists(folder.resolve("run")), "made a run directory");
    }

    @Test
    void everyErrorInOneRunWithPlaceAndCure() throws Exception {
        Processes.Ended ended = sluice("""
                [main]
                workers = many
                [server s]
                listen = 127.0.0.1:99999
                root = @DIR@/absent
                keepalive_timout = 5s
                [server t]
                listen = 127.0.0.1:8081
                [location t /]
                proxy_pass = http://nobody
                [location u /]
                return = 204
                [frobnicate]
                """, "-t");
        assertEquals(1, ended.exitCode(), ended.output());
        String file = folder.resolve("sluice.ini").toString();
        for (int line : new int[] {2, 4, 5, 6, 11, 13}) {
            assertTrue(ended.output().contains(file + ":" + line + ": "),
                    "line " + line + " in " + ended.output());
        }
        assertTrue(ended.output().contains(
                "sluice: [error] " + file + ":6: unknown key \"keepalive_timout\""),
                ended.output());
        assertTrue(ended.output().contains("help: did you mean \"keepalive_timeout\"?"),
                ended.output());
        assertTrue(ended.output().contains("nobody"), ended.output());
    }

    @Test
    void pairsOfListenAndNameOccurOnce() throws Exception {
        Processes.Ended ended = sluice("""
                [server a]
                listen = 127.0.0.1:8081
                server_name = x.example
                return = 200 a
                [server b]
                listen = 127.0.0.1:8081
                server_name = x.example
                return = 200 b
                """, "-t");
        assertEquals(1, ended.exitCode(), ended.output());
        assertTrue(ended.output().contains("x.example"), ended.output());
    }

    @Test
    void effectiveConfigurationIsAConfiguration() throws Exception {
        Files.createDirectory(folder.resolve("conf.d"));
        Files.writeString(folder.resolve("conf.d/a.ini"), """
                [server a]
                listen = 127.0.0.1:8081
                return = 200 a
                """);
        Processes.Ended ended = sluice("include = conf.d/*.ini\n", "-T");
        assertEquals(0, ended.exitCode(), ended.output());
        assertTrue(ended.output().contains("conf.d/a.ini:2"), ended.output());
        Processes.Ended again = sluice(ended.output().lines().filter(
                line -> !line.startsWith("sluice:")).collect(
                        java.util.stream.Collectors.joining("\n", "", "\n")), "-t", "-q");
        assertEquals(0, again.exitCode(), again.output());
    }

    @Test
    void overrideFromTheCommandLine() throws Exception {
        Processes.Ended ended = sluice("[server a]\nlisten = 127.0.0.1:8081\nreturn = 200 a\n",
                "-g", "workers=7", "-T");
        assertEquals(0, ended.exitCode(), ended.output());
        assertTrue(ended.output().contains("workers = 7"), ended.output());
    }

    @Test
    void missingFileAndUnknownOption() throws Exception {
        Processes.Ended absent = Processes.run(RunningSluice.command("-t", "-c", "/no/such.ini"));
        assertEquals(1, absent.exitCode(), absent.output());
        assertTrue(absent.output().contains("/no/such.ini"), absent.output());
        Processes.Ended unknown = Processes.run(RunningSluice.command("--frobnicate"));
        assertTrue(unknown.exitCode() != 0, unknown.output());
        assertTrue(unknown.output().contains("--frobnicate"), unknown.output());
        Processes.Ended version = Processes.run(RunningSluice.command("-v"));
        assertEquals(0, version.exitCode(), version.output());
        // The launcher answers the one, the master the other.
        Processes.Ended versions = Processes.run(RunningSluice.command("-V"));
        assertEquals(0, versions.exitCode(), versions.output());
        assertEquals(
                versions.output().lines().findFirst().orElseThrow(), version.output().strip());
        assertTrue(version.output().startsWith("sluice/"), version.output());
    }
}
