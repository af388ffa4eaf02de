package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A program in Java starts the same workers, reloads them and ends them. */
class EmbeddedIT {

    @Test
    void aProgramHasASluiceOfItsOwn() throws Exception {
        Path home = RunningSluice.distribution();
        String natives = home.resolve("native").toString();
        String classes = Path.of(EmbeddedExample.class.getProtectionDomain().getCodeSource()
                .getLocation().toURI()).toString();
        TestFolder folder = TestFolder.create();
        Process program = new ProcessBuilder(home.resolve("runtime/bin/java").toString(), "-ea",
                "--enable-native-access=ALL-UNNAMED", "-Djava.library.path=" + natives,
                "-cp", home.resolve("lib") + "/*:" + classes,
                EmbeddedExample.class.getName(), home.toString(), folder.path().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.path().resolve("output").toFile())
                .start();
        assertTrue(program.waitFor(60, TimeUnit.SECONDS), "the program ends");
        List<String> lines = Files.readAllLines(
                folder.path().resolve("output"), StandardCharsets.UTF_8);
        assertEquals(0, program.exitValue(), lines::toString);
        assertEquals("first", lines.getFirst());
        assertTrue(lines.get(1).contains("location  ~ www /"), lines::toString);
        assertEquals("second", lines.get(2));
        assertTrue(lines.get(3).contains("EmbeddedExample.java:"), lines::toString);
        assertTrue(lines.get(3).contains("unknown variable"), lines::toString);
        assertEquals("second", lines.get(lines.size() - 3), "a bad one changes nothing");
        assertTrue(lines.get(lines.size() - 2).startsWith("another: another master answers on "),
                lines::toString);
        assertEquals("ended", lines.getLast());
        folder.delete();
    }
}
