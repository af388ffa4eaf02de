package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What Prometheus and GoAccess, as Debian has them, make of metrics and logs. */
final class OtherToolsIT {

    private static final int PATIENCE_SECONDS = 90;

    private static void needs(String... programs) {
        for (String program : programs) {
            boolean there = List.of(System.getenv("PATH").split(":")).stream()
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
            Assumptions.assumeTrue(there, "no " + program + " here: apt-get install it");
        }
    }

    /** Waits for a program that ends by itself, well. */
    private static String run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("output", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            process.destroy();
            String said = Files.readString(output);
            assertTrue(ended, () -> command + " does not end: " + said);
            assertEquals(0, process.exitValue(), said);
            return said;
        } finally {
            Files.delete(output);
        }
    }

    /** The first two or three digits of ports that are free, from ..80 to ..91. */
    private static String freeBase() {
        for (int base = 110; base < 320; base++) {
            int port = 80;
            while (port < 92 && isFree(base * 100 + port)) {
                port++;
            }
            if (port == 92) {
                return Integer.toString(base);
            }
        }
        throw new IllegalStateException("no twelve ports in a row are free");
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    @Test
    void dashboardAndRulesFitWhatPrometheusScrapes() throws Exception {
        needs("prometheus", "promtool", "curl", "python3");
        String said = run(List.of("monitoring/check", RunningSluice.distribution().toString()),
                Map.of("BASE_PORT", freeBase()));
        assertTrue(said.endsWith("dashboard and rules fit\n"), said);
    }

    @Test
    void goAccessUnderstandsTheDefaultLog() throws Exception {
        needs("goaccess");
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /a/]
                return = 200 "0123456789"
                [location s /away]
                return = 302 /a/
                """).start(); var client = sluice.client()) {
            for (int i = 0; i < 20; i++) {
                client.get("/a/" + i).response();
            }
            client.get("/away").response();
            client.get("/none?x=1").response();
            client.get("/%22%20or").response();
            client.request("POST /a/ HTTP/1.1", "Host: s", "Content-Length: 0",
                    "Referer: http://127.0.0.1/\"> \\x", "User-Agent: \"quoted\" \\ bell")
                    .response();
            sluice.awaitAccessLog(24);
            Path log = sluice.folder().resolve("access.log");
            int lines = Files.readAllLines(log).size();
            Path report = sluice.folder().resolve("report.json");
            run(List.of("goaccess", "--no-global-config", "--log-format=COMBINED", "-o",
                    report.toString(), log.toString()),
                    Map.of());
            String json = Files.readString(report, StandardCharsets.UTF_8).replace(" ", "");
            for (String fact : List.of("\"total_requests\":" + lines,
                    "\"valid_requests\":" + lines, "\"failed_requests\":0",
                    "\"unique_not_found\":2")) {
                assertTrue(json.contains(fact + ","), () -> fact + " in "
                        + json.substring(0, Math.min(json.length(), 600)));
            }
        }
    }
}
