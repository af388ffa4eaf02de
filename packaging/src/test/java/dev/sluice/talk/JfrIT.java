package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A worker is recorded on demand, and its clients do not notice. */
final class JfrIT {

    @Test
    void recordingIsStartedAndWritten() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                """).file("www/a.txt", "hello").start(); var client = sluice.client()) {
            String file = sluice.configuration().toString();
            Path to = sluice.folder().resolve("own.jfr");
            ShortCommand.run("jfr", "stop", "-c", file).expect(1, "worker 0 (pid ");
            ShortCommand.run("jfr", "start", "-c", file).expect(0, "is being recorded");
            assertEquals("hello", client.get("/a.txt").response().text());
            ShortCommand.run("jfr", "stop", "-c", file, "-o", to.toString())
                    .expect(0, to.toString());
            String head = new String(Files.readAllBytes(to), 0, 4, StandardCharsets.US_ASCII);
            assertEquals("FLR\0", head, "the magic number of a recording");
            assertEquals("hello", client.get("/a.txt").response().text());
        }
    }
}
