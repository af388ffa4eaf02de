package dev.sluice.worker.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {

    private final AddressText text = new AddressText();

    private boolean parse(String address) {
        byte[] bytes = address.getBytes(StandardCharsets.US_ASCII);
        return text.parse(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    @Test
    void readsWhatJavaReads() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("AddressTextTest seed " + seed);
        Random random = new Random(seed);
        byte[] bytes = new byte[16];
        for (int i = 0; i < 5000; i++) {
            random.nextBytes(bytes);
            for (int j = 0; j < 16; j += 2) {
                if (random.nextBoolean()) {
                    bytes[j] = 0;
                    bytes[j + 1] = (byte) (random.nextBoolean() ? 0 : 1);
                }
            }
            ByteBuffer expected = ByteBuffer.wrap(bytes);
            String written = InetAddress.getByAddress(bytes).getHostAddress();
            for (String form : new String[] {written, written.replaceFirst("(^|:)0(:0)+(:|$)",
                    "::")}) {
                assertTrue(parse(form), () -> "seed " + seed + ": " + form);
                assertEquals(expected.getLong(0), text.high(), form);
                assertEquals(expected.getLong(8), text.low(), form);
                assertFalse(text.isV4());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", ".1.2.3",
        "1.2.3.4x", "0001.2.3.4", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::", "12345::", "g::", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "1:", ":1",
        "fe80::1%eth0", "unix:"})
    void refusesWhatIsNoAddress(String address) {
        assertFalse(parse(address), address);
    }
}
