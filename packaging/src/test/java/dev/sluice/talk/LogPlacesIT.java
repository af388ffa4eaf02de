package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Logs that go to syslog, hold some requests only, are JSON, or are put aside when large. */
final class LogPlacesIT {

    private static final String TEXT = """
            [main]
            workers = 1
            warmup = 0
            run_directory = @DIR@/run
            error_log = @DIR@/error.log info json
            log_rotate = size=1k keep=@KEEP@
            [http]
            access_log = @DIR@/access.log
            access_log = syslog:server=127.0.0.1:@DAEMON@,tag=edge combined flush=20ms
            access_log = @DIR@/failed.log json if=$failed flush=20ms
            access_log = @DIR@/slow.log phases slow=1h
            [map failed]
            source = $status
            value = ~^[45] 1
            [server s]
            listen = 127.0.0.1:@PORT@
            root = @DIR@/www
            """;

    @Test
    void syslogConditionsJsonAndRotation() throws Exception {
        try (var daemon = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                var sluice = RunningSluice.with(text(daemon, 2)).file("www/a.txt", "hello").start();
                var client = sluice.client()) {
            daemon.setSoTimeout(30_000);
            for (int i = 0; i < 12; i++) {
                client.request("GET /a.txt?" + i + " HTTP/1.1", "Host: h",
                        "User-Agent: " + "x".repeat(80)).response();
            }
            client.request("GET /none HTTP/1.1", "Host: h", "User-Agent: \"").response();
            String line = received(daemon);
            while (!line.contains("/a.txt?0")) {
                line = received(daemon);
            }
            assertTrue(line.matches("<190>1 [0-9-]+T[0-9:.]+Z [!-~]+ edge \\d+ access - "
                    + "127\\.0\\.0\\.1 - - \\[.*] \"GET /a\\.txt\\?0 HTTP/1\\.1\" 200 5 .*"), line);
            Await.that("the failed request", () -> sluice.folder().resolve("failed.log").toFile()
                    .length() > 0);
            String failed = Files.readString(sluice.folder().resolve("failed.log"));
            assertEquals(1, failed.lines().count(), failed);
            assertTrue(failed.contains("\"request\":\"GET /none HTTP/1.1\",\"status\":404,"),
                    failed);
            assertEquals(0, Files.size(sluice.folder().resolve("slow.log")));
            Await.that("all lines", () -> sluice.folder().resolve("access.log").toFile()
                    .length() > 1200);
            sluice.writeConfiguration(text(daemon, 3));
            ShortCommand.ask(sluice, "reload").expect(0);
            Await.that("an old log", () -> Files.exists(
                    sluice.folder().resolve("access.log.1")));
            assertFalse(Files.exists(sluice.folder().resolve("failed.log.1")));
            assertTrue(Files.readString(sluice.folder().resolve("error.log.1"))
                    .startsWith("{\"time\":\""));
        }
    }

    private static String text(DatagramSocket daemon, int keep) {
        return TEXT.replace("@DAEMON@", Integer.toString(daemon.getLocalPort()))
                .replace("@KEEP@", Integer.toString(keep));
    }

    private static String received(DatagramSocket daemon) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[4000], 4000);
        daemon.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }
}
