package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.worker.http2.Blocks;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The times that callers of gRPC give. */
class CallDeadlineTest {

    @ParameterizedTest
    @CsvSource({"1H, 3600000000000", "99999999H, 359999996400000000000", "2M, 120000000000",
        "10S, 10000000000", "250m, 250000000", "7u, 7000", "1n, 1", "00000001S, 1000000000",
        "S, -1", "1, -1", "'', -1", "1s, -1", "123456789S, -1", "-1S, -1", "1.5S, -1"})
    void areDigitsAndAUnit(String text, String expected) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        long ns = new java.math.BigInteger(expected)
                .min(java.math.BigInteger.valueOf(CallDeadline.LONGEST_NS)).longValue();
        assertEquals(ns, CallDeadline.parse(Blocks.buffer(bytes), 0, bytes.length));
    }
}
