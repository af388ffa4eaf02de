package dev.sluice.modules.ieee2030;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of a file of devices. */
final class DeviceListTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final String ONE = "3e4f45ab31edfe5b67e343e5e4562e31984e23e5";
    private static final String OTHER = "0671c144d27dc9e612afe7dc6c79ec089ed3dcc5";

    @TempDir
    Path folder;

    private DeviceList read(String... lines) throws IOException {
        return DeviceList.read(Files.writeString(folder.resolve("list"),
                String.join("\n", lines) + "\n"));
    }

    @Test
    void formsOfAnLfdi() throws IOException {
        DeviceList list = read("# meters", "", "  ", ONE.toUpperCase(Locale.ROOT),
                "0671-C144-D27D-C9E6-12AF-E7DC-6C79-EC08-9ED3-DCC5\thouse 7 # north", ONE);
        assertEquals(List.of(), list.problems());
        assertEquals(2, list.count());
        assertTrue(list.contains(HEX.parseHex(ONE)));
        assertTrue(list.contains(HEX.parseHex(OTHER + "000102030405060708090a0b")));
        assertFalse(list.contains(HEX.parseHex("3e4f45ab31edfe5b67e343e5e4562e31984e23e6")));
        assertFalse(list.contains(new byte[32]));
    }

    @Test
    void whatIsNoLfdiIsTold() throws IOException {
        DeviceList list = read(ONE, ONE.substring(1), OTHER + "0", "x" + ONE.substring(1),
                "167-261-211-391", "0".repeat(40));
        assertEquals(1, list.count());
        assertEquals(List.of(2, 3, 4, 5, 6),
                list.problems().stream().map(DeviceList.Problem::line).toList());
        assertEquals("\"167-261-211-391\" is no LFDI", list.problems().get(3).message());
    }

    @Test
    void emptyFileHoldsNobody() throws IOException {
        assertFalse(read().contains(HEX.parseHex(ONE)));
    }

    @Test
    void findsAllOfManyAndNoOther() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[][] some = new byte[5_000][DeviceList.LFDI_BYTES];
        String[] lines = new String[some.length];
        for (int i = 0; i < some.length; i++) {
            random.nextBytes(some[i]);
            if (i % 3 == 0) {
                // Many that begin alike: the probing has something to do.
                some[i][0] = 7;
                some[i][1] = 7;
                some[i][2] = 7;
                some[i][3] = (byte) (i % 5);
            }
            lines[i] = HEX.formatHex(some[i]);
        }
        DeviceList list = read(lines);
        assertEquals(some.length, list.count(), "seed " + seed);
        for (byte[] one : some) {
            assertTrue(list.contains(one), "seed " + seed);
            one[19] ^= 1;
            assertFalse(list.contains(one), "seed " + seed);
            one[19] ^= 1;
        }
    }

    @Test
    void tooLongAFileIsRefused() {
        assertThrows(IOException.class, () -> read("a".repeat(2000)));
        assertThrows(IOException.class, () -> DeviceList.read(folder.resolve("nowhere")));
    }
}
