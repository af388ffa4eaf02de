package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code conf} are good, and the quick start does what the README says. */
final class ShippedConfigurationIT {

    @TempDir
    private Path folder;

    @Test
    void quickStartServesAllItPromises() throws Exception {
        Path conf = folder.resolve("conf");
        copy(RunningSluice.distribution().resolve("conf"), conf);
        Path file = conf.resolve("quickstart.ini");
        Processes.Ended check = Processes.run(
                RunningSluice.command("-t", "-c", file.toString()));
        assertEquals(0, check.exitCode(), check.output());
        var ports = new FreePorts();
        String text = Files.readString(file);
        assertTrue(text.contains("127.0.0.1:8080") && text.contains("127.0.0.1:8081"), text);
        Files.writeString(file, text.replace("8080", "" + ports.port("site"))
                .replace("8081", "" + ports.port("demo")));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(RunningSluice.command("-c", file.toString()))
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            Await.that("an answer", () -> {
                assertTrue(process.isAlive(), () -> read(output));
                return answers(ports.port("site"));
            });
            assertTrue(get(ports, "/").text().contains("<html"), "a page");
            assertEquals(200, get(ports, "/api/hello").status());
            assertTrue(get(ports, "/metrics").text().contains("sluice_"), "numbers");
            assertEquals(404, get(ports, "/nothing").status());
            assertTrue(read(output).contains("http://127.0.0.1:" + ports.port("site")),
                    () -> "says what it serves: " + read(output));
        } finally {
            process.destroy();
            Await.that("its end", () -> !process.isAlive());
        }
    }

    @Test
    void defaultFileIsGood() throws Exception {
        // Its paths are those of an installation; what is checked here is its language.
        Processes.Ended check = Processes.run(RunningSluice.command(
                "-t", "-c", RunningSluice.distribution().resolve("conf/sluice.ini").toString()));
        List<String> wrong = check.output().lines().filter(line -> line.contains("[error]"))
                .filter(line -> !line.contains("does not exist")).toList();
        assertEquals(List.of(), wrong);
    }

    private static boolean answers(int port) {
        try (var client = RawClient.connect(port)) {
            return client.get("/healthz").response().status() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static Response get(FreePorts ports, String target) throws IOException {
        try (var client = RawClient.connect(ports.port("site"))) {
            return client.get(target).response();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
