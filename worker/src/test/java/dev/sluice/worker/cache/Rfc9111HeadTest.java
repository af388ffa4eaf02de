package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.worker.exchange.RecordingStream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a HEAD that goes to the peer does to what is stored for GET. */
final class Rfc9111HeadTest {

    private static final String GET = "GET /a HTTP/1.1\nHost: www\n";

    @TempDir Path folder;
    private CacheStage stage;

    @BeforeEach
    void make() throws Exception {
        stage = new CacheStage(folder, "max_size = 100m", "proxy_cache_methods = GET");
        RecordingStream client = stage.ask(GET);
        stage.answer(200, "body", "Cache-Control: max-age=60", "ETag: \"a\"",
                "Content-Length: 4");
        stage.finish(client);
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    /** @return how often the peer is asked by a GET after a HEAD with this answer */
    private int askedAfter(int status, String... fields) throws Exception {
        RecordingStream head = stage.ask(GET.replace("GET", "HEAD"));
        stage.answer(status, "", fields);
        stage.finish(head);
        RecordingStream get = stage.ask(GET);
        int asked = stage.asked.size();
        if (asked > 0) {
            stage.answer(200, "body", "Cache-Control: no-store");
        }
        stage.finish(get);
        return asked;
    }

    @Test
    void section4Point3Point5WhatFitsStays() throws Exception {
        assertEquals(0, askedAfter(200, "ETag: \"a\"", "Content-Length: 4"));
        assertEquals(0, askedAfter(200, "X: y"));
        assertEquals(0, askedAfter(404, "ETag: \"b\""));
    }

    @Test
    void section4Point3Point5AnotherValidatorRemoves() throws Exception {
        assertEquals(1, askedAfter(200, "ETag: \"b\"", "Content-Length: 4"));
    }

    @Test
    void section4Point3Point5AnotherLengthRemoves() throws Exception {
        assertEquals(1, askedAfter(200, "ETag: \"a\"", "Content-Length: 5"));
    }

    @Test
    void section4Point3Point5AnotherDateRemoves() throws Exception {
        assertEquals(1, askedAfter(200, "Last-Modified: Thu, 26 Nov 2026 10:00:00 GMT"));
    }
}
