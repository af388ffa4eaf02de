package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator reads, word for word. An {@code .initest} file holds cases, each begun by
 * {@code ==== name}; within one, {@code ---- path} begins a file, {@code ---- expect} the errors
 * and {@code ---- warnings} the warnings. The file that is loaded is {@code sluice.ini}, which
 * needs no heading of its own. {@code DIR} stands for the directory of the case. A
 * {@code ---- -g} block has one override per line.
 */
class ConfigMessagesTest {

    private static final List<String> EXPECTATIONS = List.of("expect", "warnings", "-g");

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> messages() throws IOException, URISyntaxException {
        Path folder = Path.of(ConfigMessagesTest.class.getResource("/dev/sluice/common/config/")
                .toURI());
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".initest")) {
                    cases(file, tests);
                }
            }
        }
        assertTrue(tests.size() > 30, "cases found: " + tests.size());
        return tests.stream();
    }

    private void cases(Path file, List<DynamicTest> tests) throws IOException {
        for (String text : Files.readString(file).split("(?m)^==== ")) {
            int lineEnd = text.indexOf('\n');
            if (!text.isBlank() && !text.startsWith("#")) {
                String name = text.substring(0, lineEnd);
                Map<String, String> parts = parts(text.substring(lineEnd + 1));
                int number = tests.size();
                tests.add(DynamicTest.dynamicTest(file.getFileName() + ": " + name,
                        () -> run(directory.resolve("case-" + number), parts)));
            }
        }
    }

    private static Map<String, String> parts(String text) {
        Map<String, String> parts = new LinkedHashMap<>();
        String name = "sluice.ini";
        StringBuilder part = new StringBuilder();
        for (String line : text.split("\n")) {
            if (line.startsWith("---- ")) {
                parts.put(name, part.toString());
                part.setLength(0);
                name = line.substring(5);
            } else {
                part.append(line).append('\n');
            }
        }
        parts.put(name, part.toString());
        return parts;
    }

    private static void run(Path directory, Map<String, String> parts) throws IOException {
        for (Map.Entry<String, String> part : parts.entrySet()) {
            Path file = directory.resolve(part.getKey());
            if (!EXPECTATIONS.contains(part.getKey())) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, part.getValue());
            }
        }
        List<String> overrides = parts.getOrDefault("-g", "").lines().toList();
        LoadedConfig loaded =
                ConfigLoader.load(directory.resolve("sluice.ini"), null, overrides);
        assertEquals(parts.getOrDefault("expect", "").strip(),
                text(loaded.errors(), true, directory));
        assertEquals(parts.getOrDefault("warnings", "").strip(),
                text(loaded.warnings(), false, directory));
        assertEquals(loaded.errors().isEmpty(), loaded.config() != null);
    }

    private static String text(List<ConfigError> reports, boolean errors, Path directory) {
        StringBuilder text = new StringBuilder();
        for (ConfigError report : reports) {
            text.append(errors ? report.asError() : report.asWarning()).append('\n');
        }
        return text.toString().replace(directory + "/", "DIR/").strip();
    }
}
