package dev.sluice.common.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two masters and one folder. */
final class CacheOwnerTest {

    private static final CacheOwner OWN = new CacheOwner("/run/one", 1);

    @TempDir Path folder;

    /** Another process: has the folder until its input ends, or it is killed. */
    static final class OtherWorker {
        public static void main(String[] words) throws IOException {
            CacheFolder.open(Path.of(words[0]), "t", 1024, 0, new CacheOwner(words[1], 4711));
            System.out.print('+');
            System.out.flush();
            System.in.read();
        }
    }

    private Process workerOf(String runDirectory) throws IOException {
        Process other = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), OtherWorker.class.getName(),
                folder.toString(), runDirectory)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertEquals('+', other.getInputStream().read());
        return other;
    }

    private CacheFolder open() throws IOException {
        return CacheFolder.open(folder, "t", 1024, 0, OWN);
    }

    @Test
    void aFolderOfAnotherMasterIsRefusedUntilItsLastWorkerIsKilled() throws Exception {
        Process other = workerOf("/run/other");
        String told = "\"" + folder + "\" belongs to another sluice, which runs with pid 4711";
        assertEquals(told, OWN.refusal(folder));
        assertEquals(told, assertThrows(IOException.class, this::open).getMessage());
        other.destroyForcibly().waitFor();
        assertNull(OWN.refusal(folder));
        assertTrue(open().isThere());
        assertTrue(Files.readString(folder.resolve("owner")).endsWith(" /run/one\n"));
    }

    /** A reload, an upgrade, and what a killed master has left. */
    @Test
    void workersOfTheSameRunDirectoryShareIt() throws Exception {
        Process other = workerOf("/run/one");
        assertNull(OWN.refusal(folder));
        assertTrue(open().isThere());
        other.destroyForcibly().waitFor();
    }

    @Test
    void lookingMakesNothing() throws IOException {
        assertNull(OWN.refusal(folder));
        assertFalse(Files.exists(folder.resolve("owner")));
    }

    /** Whoever removes a folder would have let another master in. */
    @Test
    void aFolderThatIsMadeAgainIsTakenAgain() throws Exception {
        CacheFolder before = open();
        Files.delete(folder.resolve("owner"));
        assertFalse(before.isThere());
        assertEquals(before, before.restored(0));
        assertTrue(before.isThere());
    }

    @Test
    void aLineOfSomebodyElseIsNotRepeated() throws Exception {
        Process other = workerOf("/run/other");
        Files.writeString(folder.resolve("owner"), "\u001b[31m /x\n");
        assertTrue(OWN.refusal(folder).endsWith("pid unknown"));
        other.destroyForcibly().waitFor();
    }
}
