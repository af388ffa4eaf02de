package dev.sluice.master.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.cache.CacheFolder;
import dev.sluice.common.cache.CacheOwner;
import dev.sluice.master.command.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What words {@code sluice purge} takes, and what it says of a folder that cannot be used. */
final class PurgeCommandTest {

    @TempDir Path dir;

    private String said(ExitCode expected, Path file, String... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        assertEquals(expected, new PurgeCommand(file, both, both).run(List.of(words)),
                () -> String.join(" ", words));
        return bytes.toString(StandardCharsets.UTF_8).replace(dir.toString(), "DIR");
    }

    private String refused(String... words) {
        return said(ExitCode.USAGE, Path.of("/nowhere/sluice.ini"), words);
    }

    private String all(ExitCode expected) throws IOException {
        Path file = dir.resolve("sluice.ini");
        Files.writeString(file, "[main]\nrun_directory = " + dir + "\n[cache pages]\npath = "
                + dir.resolve("pages") + "\nkeys = 1024\n[server s]\nlisten = 80\n");
        return said(expected, file, "pages", "-a");
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

    @Test
    void whyAFolderCannotBeUsed() throws IOException {
        assertEquals("sluice: [error] [cache pages]: \"DIR/pages\" is not there: workers make it"
                + " when they can, so nothing is stored yet\n", all(ExitCode.FAILED));
        Path pages = Files.createDirectory(dir.resolve("pages"));
        assertEquals("sluice: [error] [cache pages]: \"DIR/pages\" has no index: no worker has"
                + " used it yet\n", all(ExitCode.FAILED));
        CacheFolder.open(pages, "pages", 2048, 0, new CacheOwner("/run/t", 1));
        assertEquals("sluice: [error] [cache pages]: \"DIR/pages\" cannot be used:"
                + " DIR/pages/index: zone of N bytes, not N\n",
                all(ExitCode.FAILED).replaceAll("[0-9]+", "N"));
        CacheFolder.open(pages, "pages", 1024, 0, new CacheOwner("/run/t", 1));
        assertEquals("purged 0\n", all(ExitCode.DONE));
    }
}
