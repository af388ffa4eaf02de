package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The files of {@code conf} are good, and the quick start does what the README says. */
final class ShippedConfigurationIT {

    @Test
    void quickStartServesAllItPromises() throws Exception {
        Path conf = RunningSluice.distribution().resolve("conf");
        String text = Files.readString(conf.resolve("quickstart.ini"));
        assertEquals(0, Processes.run(RunningSluice.command(
                "-t", "-c", conf.resolve("quickstart.ini").toString())).exitCode());
        assertTrue(text.contains("8080"), "the port of the README");
        try (var client = Quickstart.start(conf)) {
            assertEquals(200, client.get("/").status());
            assertEquals(200, client.get("/api/hello").status());
            assertEquals(200, client.get("/healthz").status());
            assertTrue(client.get("/metrics").text().contains("sluice_"));
        }
    }

    /** The shipped file, listening on a port that is free. */
    private record Quickstart(Process process, int port) implements AutoCloseable {

        static Quickstart start(Path conf) throws Exception {
            var ports = RunningSluice.with("");
            int port = ports.port("site");
            int upstream = ports.port("demo");
            ports.close();
            Path file = conf.resolve("quickstart-of-a-test.ini");
            Files.writeString(file, Files.readString(conf.resolve("quickstart.ini"))
                    .replace("8080", "" + port).replace("8081", "" + upstream));
            try {
                Path output = conf.resolve("quickstart-of-a-test.out");
                Process process = new ProcessBuilder(
                        RunningSluice.command("-c", file.toString()))
                        .redirectErrorStream(true).redirectOutput(output.toFile()).start();
                var started = new Quickstart(process, port);
                Await.that("the quick start", () -> {
                    try {
                        assertTrue(process.isAlive(), () -> read(output));
                        return started.get("/healthz").status() == 200;
                    } catch (java.net.ConnectException notYet) {
                        return false;
                    }
                });
                assertTrue(read(output).contains(":" + port + "/"), () -> read(output));
                return started;
            } finally {
                Files.delete(file);
            }
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (java.io.IOException failed) {
                throw new IllegalStateException(failed);
            }
        }

        Response get(String target) throws Exception {
            try (var client = RawClient.connect(port)) {
                return client.get(target).response();
            }
        }

        @Override
        public void close() {
            process.destroy();
            Await.that("its end", () -> !process.isAlive());
        }
    }
}
