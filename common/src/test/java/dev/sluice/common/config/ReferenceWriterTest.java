package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The committed copies equal the generated text. With {@code -Dsluice.regenerate=true} they are
 * written instead.
 */
class ReferenceWriterTest {

    @Test
    void theDefaultFileIsTheGeneratedOne() throws IOException {
        holds("sluice.ini", ReferenceWriter.sluiceIni());
    }

    @Test
    void theReferenceIsTheGeneratedOne() throws IOException {
        holds("REFERENCE.md", ReferenceWriter.markdown());
    }

    private static void holds(String name, String generated) throws IOException {
        Path file = ConfDirectory.path().resolve(name);
        if (Boolean.getBoolean("sluice.regenerate")) {
            Files.writeString(file, generated);
        }
        assertEquals(Files.readString(file), generated,
                name + " is out of date: run the tests with -Dsluice.regenerate=true");
    }

    @Test
    void everyLineOfTheDefaultFileFitsTheScreen() {
        assertTrue(Arrays.stream(ReferenceWriter.sluiceIni().split("\n"))
                .allMatch(line -> line.length() <= 100));
    }

    @Test
    void everyKeyHasAGoodDefaultAndSentence() {
        Set<String> places = new HashSet<>();
        for (ConfigKey<?> key : ConfigKeys.ALL) {
            key.defaultValue(Path.of("/"));
            assertTrue(key.sentence().endsWith("."), key.name());
            for (SectionKind section : key.sections()) {
                assertTrue(places.add(section + " " + key.name()), key.name() + " declared twice");
            }
        }
    }

    @Test
    void everyExampleIsAGoodValue() throws BadValue {
        for (ConfigKey<?> key : ConfigKeys.ALL) {
            for (String example : key.shipped()) {
                key.type().parse(new Value(example, SourceLine.NONE, Path.of("/")));
            }
        }
    }

    /** Taking every comment sign before a key away still gives keys that their sections know. */
    @Test
    void everyCommentedKeyIsKnown() {
        SectionKind section = null;
        for (String line : ReferenceWriter.sluiceIni().split("\n")) {
            String bare = line.startsWith("#") && !line.startsWith("# ") ? line.substring(1) : line;
            if (bare.startsWith("[")) {
                section = SectionKind.of(List.of(bare.substring(1).split("[ \\]]")).getFirst());
            } else if (bare.contains(" = ") && !bare.startsWith("# ")) {
                String key = bare.substring(0, bare.indexOf(' '));
                assertTrue(key.equals("include") || ConfigKeys.find(section, key) != null, bare);
            }
        }
    }
}
