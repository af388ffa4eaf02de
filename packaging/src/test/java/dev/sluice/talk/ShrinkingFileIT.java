package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import org.junit.jupiter.api.Test;

/** A file that becomes shorter while it is sent ends the connection: the client sees the cut. */
final class ShrinkingFileIT {

    private static final int BYTES = 64 << 20;

    @Test
    void connectionClosesAndTheLogSaysSo() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                [log_format why]
                format = $status $termination
                """).accessLogFormat("why").file("www/big", new byte[BYTES]).start();
                var client = RawClient.connect(sluice.port(), 32 * 1024)) {
            client.get("/big");
            assertEquals(Integer.toString(BYTES), client.responseHead().field("Content-Length"));
            try (var file = new RandomAccessFile(sluice.folder().resolve("www/big").toFile(),
                    "rw")) {
                file.setLength(1 << 20);
            }
            int got = client.readUntilClosed().length();
            assertTrue(got < BYTES, "got all of it");
            assertEquals("200 file_shrank", sluice.awaitAccessLog(1).getFirst());
            sluice.awaitErrorLog("/big");
            // Until open_file_cache_valid has passed, the old length may still be believed.
            Await.that("the new length", () -> {
                try (var next = sluice.client()) {
                    return next.get("/big").response().body().length == 1 << 20;
                } catch (IOException cut) {
                    return false;
                }
            });
        }
    }
}
