package dev.sluice.common.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerOptionsTest {

    private static final WorkerOptions OPTIONS =
            new WorkerOptions(
                    1,
                    7,
                    Path.of("/run/a b/gen-7.image"),
                    Path.of("/run/x/slot1=gen7.ctr"),
                    Path.of("/run/x/zones"),
                    12,
                    900,
                    true,
                    3,
                    4,
                    9,
                    List.of(
                            new WorkerOptions.ListenFd("0.0.0.0:80", 5),
                            new WorkerOptions.ListenFd("[::]:80", 6),
                            new WorkerOptions.ListenFd("0.0.0.0:80", 7),
                            new WorkerOptions.ListenFd("unix:/run/a@b=c.sock", 8)));

    @Test
    void whatIsWrittenIsRead() {
        assertEquals(OPTIONS, WorkerOptions.parse(OPTIONS.format().toArray(String[]::new)));
    }

    /** The words of {@link #OPTIONS} without their "files=9". */
    private static List<String> withoutFiles() {
        return OPTIONS.format().stream().filter(word -> !word.startsWith("files=")).toList();
    }

    @Test
    void withoutTheFilesWordThereAreNone() {
        WorkerOptions read = WorkerOptions.parse(withoutFiles().toArray(String[]::new));
        assertEquals(WorkerOptions.NO_FILES, read.filesFd());
        assertEquals(OPTIONS.listens(), read.listens());
    }

    @Test
    void noFilesIsNoWord() {
        WorkerOptions none = WorkerOptions.parse(withoutFiles().toArray(String[]::new));
        assertEquals(withoutFiles(), none.format());
    }

    @ParameterizedTest
    @CsvSource({
        "slot=x,           slot=x",
        "slot=-1,          slot=-1",
        "slot=1,           given twice",
        "colour=red,       colour=red",
        "listen=80,        listen=80",
        "listen=a:80@,     listen=a:80@",
        "listen=@5,        listen=@5",
    })
    void theWrongWordIsNamed(String word, String named) {
        List<String> words = new ArrayList<>(OPTIONS.format());
        if (!word.equals("slot=1")) {
            words.removeFirst();
        }
        words.add(word);
        IllegalArgumentException wrong =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> WorkerOptions.parse(words.toArray(String[]::new)));
        assertTrue(wrong.getMessage().contains(named), wrong.getMessage());
    }

    @Test
    void aMissingOptionIsNamed() {
        IllegalArgumentException wrong =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> WorkerOptions.parse(new String[] {"slot=0"}));
        assertTrue(wrong.getMessage().contains("generation"), wrong.getMessage());
    }
}
