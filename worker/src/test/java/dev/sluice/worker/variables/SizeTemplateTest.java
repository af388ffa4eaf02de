package dev.sluice.worker.variables;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeTemplateTest {

    @ParameterizedTest
    @CsvSource({"'',0", "0,0", "7,7", "512,512", "64k,65536", "3M,3145728", "2g,2147483648",
        "k,0", "5x,0", "5kk,0", "-5,0", "5.5,0", "' 5',0", "999999999999,999999999999",
        "9999999999999,0"})
    void aSizeOrNothing(String text, long bytes) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        assertEquals(bytes, SizeTemplate.parse(ByteBuffer.wrap(ascii), ascii.length));
    }
}
