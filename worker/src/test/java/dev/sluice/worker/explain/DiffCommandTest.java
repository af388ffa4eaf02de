package dev.sluice.worker.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code sluice diff} says of files that it cannot read. */
final class DiffCommandTest {

    @TempDir Path dir;

    private String said(Path log) throws IOException {
        String file = Files.writeString(dir.resolve("x.ini"),
                "[server s]\nlisten = 127.0.0.1:80\nreturn = 200 x\n").toString();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = DiffCommand.run(List.of("--log", log.toString(), file, file),
                new PrintStream(new ByteArrayOutputStream()),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertEquals(1, code);
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void anAccessLogThatIsNotThereIsNamed() throws IOException {
        Path log = dir.resolve("nothere");
        assertEquals("sluice: [error] cannot read " + log + ": there is no such file\n",
                said(log));
    }

    @Test
    void anAccessLogThatIsAFolderIsNamed() throws IOException {
        assertEquals("sluice: [error] cannot read " + dir + ": Is a directory\n", said(dir));
    }
}
