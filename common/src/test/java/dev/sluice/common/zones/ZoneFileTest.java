package dev.sluice.common.zones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneFileTest {

    private static final ZoneSpec SPEC = new ZoneSpec("limit", "a", 2, 20_000, 7);
    private static final byte[] SECRET = {1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0};

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void create() throws IOException {
        file = folder.resolve(SPEC.fileName());
        ZoneFile.create(file, SPEC, 1234, SECRET);
    }

    @Test
    void aNewOneIsZeroAndKnowsItsAgeAndSecret() throws IOException {
        ZoneFile zone = ZoneFile.open(folder, SPEC);
        for (long i = 0; i < SPEC.wordCount(); i++) {
            assertEquals(0, zone.get(i));
        }
        assertEquals(1234, zone.createdMs());
        assertEquals(1, zone.secret0());
        assertEquals(2, zone.secret1());
        assertEquals(SPEC.wordCount(), zone.wordCount());
    }

    @Test
    void onlyTheOwnerMayReadIt() throws IOException {
        assertEquals("rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void twoMappingsAreOneState() throws IOException {
        ZoneFile one = ZoneFile.open(folder, SPEC);
        ZoneFile other = ZoneFile.open(folder, SPEC);
        one.set(19_999, 5);
        assertEquals(5, other.get(19_999));
        assertTrue(other.compareAndSet(19_999, 5, 6));
        assertFalse(one.compareAndSet(19_999, 5, 7));
        assertEquals(6, one.getAndAdd(19_999, -1));
        assertEquals(5, other.get(19_999));
    }

    @Test
    void noWordIsLostBetweenTwoWriters() throws Exception {
        ZoneFile one = ZoneFile.open(folder, SPEC);
        ZoneFile other = ZoneFile.open(folder, SPEC);
        Thread beside = new Thread(() -> addByCompare(other, 100_000));
        beside.start();
        addByCompare(one, 100_000);
        beside.join();
        assertEquals(200_000, one.get(3));
    }

    private static void addByCompare(ZoneFile zone, int times) {
        for (int i = 0; i < times; i++) {
            long before;
            do {
                before = zone.get(3);
            } while (!zone.compareAndSet(3, before, before + 1));
        }
    }

    @Test
    void noWordBeyondTheEndCanBeReached() throws IOException {
        ZoneFile zone = ZoneFile.open(folder, SPEC);
        assertThrows(IndexOutOfBoundsException.class, () -> zone.get(SPEC.wordCount()));
        assertThrows(IndexOutOfBoundsException.class, () -> zone.set(-1, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "limit, 3, 20000, 7, not a zone of this kind",
        "conns, 2, 20000, 7, not a zone of this kind",
        "limit, 2, 20001, 7, zone of 160128 bytes",
        "limit, 2, 20000, 8, not a zone of this kind",
    })
    void whatIsNotMeantIsNotOpened(
            String kind, int layout, long words, long identity, String why) {
        ZoneSpec other = new ZoneSpec(kind, "a", layout, words, identity);
        IOException wrong = assertThrows(IOException.class,
                () -> ZoneFile.open(file, other, Arena.ofAuto()));
        assertTrue(wrong.getMessage().contains(why), wrong.getMessage());
        assertTrue(wrong.getMessage().startsWith(file.toString()), wrong.getMessage());
        assertNotEquals(SPEC.fileName(), other.fileName());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 12, 16, 48, 56, 64, 127})
    void aDamagedHeaderIsSeen(int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
        assertThrows(IOException.class, () -> ZoneFile.open(folder, SPEC));
    }

    @ParameterizedTest
    @CsvSource({
        "per_client, k-per_client-v1-8.zone",
        "../x,       k-%2E.%2Fx-v1-8.zone",
        "a/b c%,     k-a%2Fb%20c%25-v1-8.zone",
        "é,          k-%C3%A9-v1-8.zone",
    })
    void everyNameIsOneFileOfTheFolder(String name, String file) {
        assertEquals(file, new ZoneSpec("k", name, 1, 8).fileName());
    }

    @Test
    void aLongNameStaysAFileName() {
        String one = new ZoneSpec("k", "/".repeat(400) + "a", 1, 8).fileName();
        String other = new ZoneSpec("k", "/".repeat(400) + "b", 1, 8).fileName();
        assertTrue(one.length() < 200, one);
        assertNotEquals(one, other);
    }
}
