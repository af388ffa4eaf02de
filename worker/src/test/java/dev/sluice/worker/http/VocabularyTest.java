package dev.sluice.worker.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Methods, statuses and errors. */
class VocabularyTest {

    @Test
    void methodsAreFoundByTheirBytes() {
        for (int id = 1; id <= Method.PATCH; id++) {
            byte[] bytes = ("x" + Method.name(id) + "y").getBytes(StandardCharsets.US_ASCII);
            assertEquals(id, Method.idOf(ByteBuffer.wrap(bytes), 1, bytes.length - 2));
            assertEquals(Method.OTHER, Method.idOf(ByteBuffer.wrap(bytes), 1, bytes.length - 1));
            assertEquals(Method.name(id), new String(Method.bytes(id), StandardCharsets.US_ASCII));
        }
        assertTrue(Method.isIdempotent(Method.GET));
        assertTrue(Method.isIdempotent(Method.DELETE));
        assertFalse(Method.isIdempotent(Method.POST));
        assertFalse(Method.isIdempotent(Method.PATCH));
        assertFalse(Method.isIdempotent(Method.CONNECT));
        assertFalse(Method.isIdempotent(Method.OTHER));
    }

    @Test
    void statusLinesAreComplete() {
        assertEquals("HTTP/1.1 200 OK\r\n", line(200));
        assertEquals("HTTP/1.1 404 Not Found\r\n", line(404));
        assertEquals("HTTP/1.1 299 \r\n", line(299));
        assertEquals("Gateway Timeout", Status.reason(504));
        assertEquals("", Status.reason(777));
        assertTrue(Status.isBodiless(204) && Status.isBodiless(304) && Status.isBodiless(100));
        assertFalse(Status.isBodiless(200) || Status.isBodiless(404));
        assertFalse(Status.isValid(99) || Status.isValid(600));
    }

    private static String line(int status) {
        return new String(Status.line(status), StandardCharsets.US_ASCII);
    }

    @Test
    void errorsSayWhatTheyMean() {
        for (ParseError each : ParseError.values()) {
            assertTrue(Status.isValid(each.status()) && each.status() >= 400, each.name());
            assertFalse(Status.reason(each.status()).isEmpty(), each.name());
            assertTrue(each.rfcSection().matches("\\d{4} §[\\d.]+"), each.name());
            assertFalse(each.sentence().isEmpty() || each.sentence().endsWith("."), each.name());
        }
    }
}
