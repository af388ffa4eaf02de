package dev.sluice.master.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.master.command.Command;
import dev.sluice.master.command.ExitCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentReaderTest {

    private static Arguments read(String words) {
        return new ArgumentReader().read(words.isEmpty() ? new String[0] : words.split(" "));
    }

    @Test
    void noWordsStartTheDefault() {
        Arguments arguments = read("");
        assertEquals(Arguments.Action.RUN, arguments.action());
        assertEquals(Path.of("/etc/sluice/sluice.ini"), arguments.configFile());
        assertNull(arguments.prefix());
        assertEquals(List.of(), arguments.overrides());
    }

    @ParameterizedTest
    @CsvSource({
        "-t -c x.ini,   TEST",
        "-T,            DUMP",
        "-t -T,         DUMP",
        "-v,            VERSION",
        "-V,            VERSIONS",
        "-h,            HELP",
        "-?,            HELP",
        "-s reload,     ASK",
        "-q,            RUN",
    })
    void eachLetterIsItsAction(String words, Arguments.Action action) {
        assertEquals(action, read(words).action());
    }

    @Test
    void valuesAreTaken() {
        Arguments arguments = read("-c a.ini -p /opt/x -q -g workers=1 -g user=nobody -s quit");
        assertEquals(Path.of("a.ini"), arguments.configFile());
        assertEquals(Path.of("/opt/x"), arguments.prefix());
        assertEquals(List.of("workers=1", "user=nobody"), arguments.overrides());
        assertEquals(Command.QUIT, arguments.ask());
        assertTrue(arguments.quiet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-x", "-c", "start", "-s", "-s restart", "-t -t", "-c a -c b"})
    void wrongWordsAreRefused(String words) {
        assertThrows(IllegalArgumentException.class, () -> read(words));
    }

    @Test
    void thePageOfHelpHasEveryExitCode() {
        String page = new ArgumentReader().help();
        for (ExitCode code : ExitCode.values()) {
            assertTrue(page.contains(code.meaning()), page);
        }
    }
}
