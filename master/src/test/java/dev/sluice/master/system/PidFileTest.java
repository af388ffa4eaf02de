package dev.sluice.master.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

    @TempDir Path folder;

    /** Another process that takes the file and holds it until its input ends. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] words) throws IOException {
            try {
                PidFile file = PidFile.take(Path.of(words[0]), ProcessHandle.current().pid());
                System.out.println("taken");
                System.in.read();
                file.release();
            } catch (IOException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    private static String placeOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    private static Process hold(Path path) throws IOException {
        String classes = placeOf(PidFile.class);
        String tests = placeOf(Holder.class);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        List.of(java, "-cp", classes + ":" + tests, Holder.class.getName(),
                                path.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void aLiveMasterKeepsItsFile() throws Exception {
        Path path = folder.resolve("run/sluice.pid");
        Process first = hold(path);
        assertEquals("taken", first.inputReader().readLine());
        assertEquals(first.pid() + "\n", Files.readString(path));
        String refusal = hold(path).inputReader().readLine();
        assertTrue(refusal.contains("runs already with pid " + first.pid()), refusal);
        first.destroyForcibly().waitFor();
        // The file stays, with a number that may be anybody's by now; its lock is gone.
        assertTrue(Files.exists(path));
        Process next = hold(path);
        assertEquals("taken", next.inputReader().readLine());
        next.destroyForcibly().waitFor();
    }

    @Test
    void anEndedMasterLeavesNone() throws Exception {
        Path path = folder.resolve("sluice.pid");
        PidFile.take(path, 4711).release();
        assertFalse(Files.exists(path));
    }
}
