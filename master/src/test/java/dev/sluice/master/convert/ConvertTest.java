package dev.sluice.master.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.master.command.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of nginx with what comes of them beside each: {@code NAME.conf}, {@code NAME.ini}, and the
 * losses in {@code NAME.txt}. {@code -Dsluice.regenerate=true} writes the latter two anew.
 */
final class ConvertTest {

    private static final Path SOURCES = Path.of("src/test/resources/dev/sluice/master/convert");

    @TempDir Path dir;

    @TestFactory
    Stream<DynamicTest> files() throws IOException {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> found = Files.list(SOURCES)) {
            found.filter(file -> file.toString().endsWith(".conf")).sorted().forEach(all::add);
        }
        assertTrue(all.size() >= 36, all::toString);
        return all.stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(),
                () -> golden(file)));
    }

    private static void golden(Path file) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode code = new ConvertCommand(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)).run(List.of(file.toString()));
        String text = out.toString(StandardCharsets.UTF_8);
        String told = "exit code " + code.number() + "\n"
                + err.toString(StandardCharsets.UTF_8)
                .replace(SOURCES.toAbsolutePath() + "/", "").replace(SOURCES + "/", "");
        Path ini = Path.of(file.toString().replace(".conf", ".ini"));
        Path losses = Path.of(file.toString().replace(".conf", ".txt"));
        if (Boolean.getBoolean("sluice.regenerate")) {
            Files.writeString(ini, text);
            Files.writeString(losses, told);
        }
        assertEquals(Files.readString(ini), text);
        assertEquals(Files.readString(losses), told);
        assertEquals(told.contains("[warn]"), code == ExitCode.TIMED_OUT);
        // Certificates that are not on this machine are all that may be wrong with it.
        List<ConfigError> errors = ConfigLoader.loadText(text, SOURCES).errors();
        assertTrue(errors.stream().allMatch(e -> e.message()
                .matches("\"(proxy_)?ssl_[a-z_]+\": \".*\" does not exist")),
                errors::toString);
    }

    private ExitCode convert(String text, Path to, ByteArrayOutputStream err) throws IOException {
        Path file = dir.resolve("nginx.conf");
        Files.writeString(file, text);
        return new ConvertCommand(new PrintStream(new ByteArrayOutputStream()),
                new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(List.of("-o", to.toString(), file.toString()));
    }

    @Test
    void anOutputThatCannotBeWrittenIsNamed() throws IOException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Path to = dir.resolve("nowhere/x.ini");
        assertEquals(ExitCode.FAILED, convert("events {}\n", to, err));
        assertEquals(ExitCode.FAILED, convert("events {}\n", dir, err));
        assertEquals("sluice: [error] cannot write " + to + ": its folder does not exist\n"
                + "sluice: [error] cannot write " + dir + ": Is a directory\n",
                err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNoConfigurationIsToldWithItsLine() throws IOException {
        for (String bad : List.of("http {", "http { server { listen 80 } }", "}", "a \"b;",
                "events {}\nx")) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            assertEquals(ExitCode.FAILED, convert(bad, dir.resolve("x.ini"), err), bad);
            assertTrue(err.toString(StandardCharsets.UTF_8)
                    .matches("(?s)sluice: \\[error] .*nginx\\.conf:[12]: .*"), err::toString);
        }
        assertEquals(ExitCode.FAILED, new ConvertCommand(System.out,
                new PrintStream(new ByteArrayOutputStream())).run(List.of("/nowhere/x.conf")));
    }

    @Test
    void aWholeFileIsWritten() throws IOException, URISyntaxException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Path to = dir.resolve("sluice.ini");
        assertEquals(ExitCode.DONE, convert("http { access_log off;\n server { listen 81; "
                + "location / { return 200 hi; } } }", to, err), err::toString);
        assertEquals(List.of(), ConfigLoader.load(to, null, List.of()).errors());
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void wordsQuotesAndVariables() throws Exception {
        Path file = dir.resolve("words.conf");
        Files.writeString(file, "a 'b c' \"d\\\"e\" f\\.g ${h}i \"\" ; # after\n"
                + "# before\nj { k; # inside\n }");
        List<NginxDirective> all = NginxReader.read(file, new ArrayList<>());
        assertEquals(List.of("b c", "d\"e", "f\\.g", "${h}i", ""), all.get(0).args());
        assertEquals(List.of(" after"), all.get(0).comments());
        assertEquals(List.of(" before"), all.get(1).comments());
        assertEquals(List.of(" inside"), all.get(1).block().getFirst().comments());
        assertEquals(2 + 1, all.get(1).at().line());
        assertThrows(NginxReader.Unreadable.class, () -> {
            Files.writeString(file, "include words.conf;");
            NginxReader.read(file, new ArrayList<>());
        });
    }
}
