package dev.sluice.master.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.master.command.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What words {@code sluice purge} takes. */
final class PurgeCommandTest {

    private static String refused(String... words) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode code = new PurgeCommand(Path.of("/nowhere/sluice.ini"), System.out,
                new PrintStream(err, true, StandardCharsets.UTF_8)).run(List.of(words));
        assertEquals(ExitCode.USAGE, code, () -> String.join(" ", words));
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void oneChoiceIsTaken() {
        for (String second : List.of("-k b", "-p b", "-t b", "-a")) {
            assertEquals("sluice: of -k, -p, -t and -a it takes one"
                    + " (sluice purge --help tells more)\n",
                    refused(("pages -k a " + second).split(" ")));
        }
    }

    @Test
    void anOptionWithoutItsWordIsNamed() {
        for (String option : List.of("-c", "-k", "-p", "-t")) {
            assertEquals("sluice: \"" + option + "\" takes one more word"
                    + " (sluice purge --help tells more)\n", refused("pages", option));
        }
    }
}
