package dev.sluice.master.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.common.zones.ZoneSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZoneFilesTest {

    private static final ZoneSpec SMALL = new ZoneSpec("limit", "a", 1, 64);
    private static final ZoneSpec LARGE = new ZoneSpec("limit", "a", 1, 128);
    private static final ZoneSpec OTHER = new ZoneSpec("other", "a", 1, 64);

    @TempDir
    Path folder;

    private ZoneFiles zones;

    @BeforeEach
    void make() {
        zones = new ZoneFiles(folder, new SteppedClock(0));
    }

    private boolean exists(ZoneSpec spec) {
        return Files.exists(folder.resolve(spec.fileName()));
    }

    @Test
    void theSameZoneKeepsItsState() throws IOException {
        assertEquals(List.of(), zones.add(List.of(SMALL), null));
        ZoneFile.open(folder, SMALL).set(5, 42);
        assertEquals(List.of(), zones.add(List.of(SMALL, OTHER), null));
        zones.keepOnly(Set.of(SMALL, OTHER), null);
        assertEquals(42, ZoneFile.open(folder, SMALL).get(5));
        assertTrue(exists(OTHER));
    }

    @Test
    void anotherSizeIsAnotherFileAndSaysSo() throws IOException {
        zones.add(List.of(SMALL), null);
        assertEquals(List.of("limit a has another size or shape: its state starts anew"),
                zones.add(List.of(LARGE), null));
        assertTrue(exists(SMALL), "workers of the old generation may start yet");
        zones.keepOnly(Set.of(LARGE), null);
        assertFalse(exists(SMALL));
        assertTrue(exists(LARGE));
    }

    @Test
    void anotherMasterFindsWhatThereIs() throws IOException {
        zones.add(List.of(SMALL), null);
        ZoneFile.open(folder, SMALL).set(5, 42);
        new ZoneFiles(folder, new SteppedClock(0)).add(List.of(SMALL), null);
        assertEquals(42, ZoneFile.open(folder, SMALL).get(5));
    }

    @Test
    void aDamagedFileIsReplaced() throws IOException {
        Files.write(folder.resolve(SMALL.fileName()), new byte[128 + 64 * 8]);
        zones.add(List.of(SMALL), null);
        assertEquals(0, ZoneFile.open(folder, SMALL).get(5));
    }

    @Test
    void noTwoZonesHaveOneSecret() throws IOException {
        zones.add(List.of(SMALL, LARGE), null);
        assertFalse(ZoneFile.open(folder, SMALL).secret0()
                == ZoneFile.open(folder, LARGE).secret0());
    }

    @Test
    void thoseOfOneKindAreShown() throws IOException {
        zones.add(List.of(SMALL, LARGE, OTHER), null);
        List<ZoneSpec> seen = new ArrayList<>();
        zones.forEach("limit", zone -> seen.add(zone.spec()));
        assertEquals(List.of(SMALL, LARGE), seen);
    }
}
