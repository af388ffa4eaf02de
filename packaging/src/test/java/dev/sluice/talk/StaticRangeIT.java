package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Parts of a file: one, several, none that exists, and too many. */
final class StaticRangeIT {

    @Test
    void parts() throws Exception {
        byte[] content = new byte[300_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) ('a' + i % 26);
        }
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                root = @DIR@/www
                """).file("www/f.bin", content).start();
                var client = sluice.client()) {
            assertEquals("bytes", client.get("/f.bin").response().field("Accept-Ranges"));
            expectPart(client, "bytes=0-9", "bytes 0-9/300000", content, 0, 10);
            expectPart(client, "bytes=299990-", "bytes 299990-299999/300000", content,
                    299_990, 300_000);
            expectPart(client, "bytes=-5", "bytes 299995-299999/300000", content,
                    299_995, 300_000);
            expectPart(client, "bytes=10-999999999", "bytes 10-299999/300000", content,
                    10, 300_000);
            Response none = range(client, "bytes=300000-");
            assertEquals(416, none.status());
            assertEquals("bytes */300000", none.field("Content-Range"));
            assertEquals(200, range(client, "lines=1-2").status());
            assertEquals(200, range(client, "bytes=5-1").status());

            Response several = range(client, "bytes=0-1,26-27");
            assertEquals(206, several.status());
            String type = several.field("Content-Type");
            assertTrue(type.startsWith("multipart/byteranges; boundary="), type);
            assertEquals(2, several.text().split("Content-Range: bytes ", -1).length - 1);
            assertTrue(several.text().contains("\r\n\r\nab\r\n--"), several.text());

            Response tooMany = range(client, "bytes=" + "0-1,".repeat(500) + "3-4");
            assertTrue(tooMany.status() == 200 || tooMany.status() == 416
                    || tooMany.body().length < 1_000_000, tooMany.toString());
        }
    }

    private static void expectPart(RawClient client, String range, String contentRange,
            byte[] content, int from, int to) throws Exception {
        Response response = range(client, range);
        assertEquals(206, response.status(), range);
        assertEquals(contentRange, response.field("Content-Range"));
        assertArrayEquals(Arrays.copyOfRange(content, from, to), response.body(), range);
    }

    private static Response range(RawClient client, String range) throws Exception {
        return client.request("GET /f.bin HTTP/1.1", "Host: h", "Range: " + range).response();
    }
}
