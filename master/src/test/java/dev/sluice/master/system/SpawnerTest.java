package dev.sluice.master.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnerTest {

    @TempDir Path folder;

    private final Spawner spawner =
            new Spawner(Map.of("GREETING", "hello", "PATH", "/usr/bin:/bin"));

    private ExitStatus run(List<Integer> descriptors, String script) throws Exception {
        String log = folder.resolve("out").toString();
        long pid =
                spawner.spawn(
                        new Spawner.Command(
                                List.of("/bin/sh", "-c", script), descriptors, log));
        ProcessHandle.of(pid).ifPresent(child -> child.onExit().join());
        return Posix.reap(pid);
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    @Test
    void theStatusIsTheChilds() throws Exception {
        assertEquals(7, run(List.of(), "exit 7").code());
        assertEquals(9, run(List.of(), "kill -9 $$").signal());
        assertTrue(run(List.of(), "true").clean());
    }

    @Test
    void outputGoesToTheLogAndTheEnvironmentIsGiven() throws Exception {
        run(List.of(), "echo $GREETING; echo trouble >&2");
        assertEquals("hello\ntrouble\n", output());
    }

    @Test
    void aProgramThatIsNotThereIsAnError() {
        IOException failed =
                assertThrows(
                        IOException.class,
                        () ->
                                spawner.spawn(
                                        new Spawner.Command(
                                                List.of("/no/such/program"), List.of(), null)));
        assertTrue(failed.getMessage().contains("/no/such/program"), failed.getMessage());
    }

    @Test
    void nothingLeaksWhileOtherThreadsOpenSockets() throws Exception {
        int[] pair = Posix.socketPair();
        AtomicBoolean done = new AtomicBoolean();
        Thread busy = new Thread(() -> openAndClose(done));
        busy.start();
        for (int i = 0; i < 200; i++) {
            Files.deleteIfExists(folder.resolve("out"));
            // The shell's own listing of the folder is number 5, or what it chooses.
            run(List.of(pair[1], pair[0]), "readlink /proc/self/fd/* | grep -c socket:");
            assertEquals("2\n", output(), "round " + i);
        }
        done.set(true);
        busy.join();
        Posix.close(pair[0]);
        Posix.close(pair[1]);
    }

    private static void openAndClose(AtomicBoolean done) {
        while (!done.get()) {
            try (ServerSocket socket =
                    new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                assert socket.isBound();
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }
}
