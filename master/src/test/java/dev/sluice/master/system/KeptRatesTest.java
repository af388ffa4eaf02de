package dev.sluice.master.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.zones.HoldTable;
import dev.sluice.common.zones.LimitZone;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.common.zones.ZoneSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a master finds of the zones of one that was killed or has ended. */
class KeptRatesTest {

    private static final ZoneSpec RATE = new ZoneSpec(LimitZone.KIND, "rate", 1, 64);
    private static final ZoneSpec OTHER = new ZoneSpec(LimitZone.KIND, "other", 1, 64);
    private static final ZoneSpec HOLDS = new ZoneSpec(HoldTable.KIND, "rate", 1, 64);

    @TempDir
    private Path folder;
    private RunDirectory run;

    @BeforeEach
    void makeZones() throws IOException {
        run = new RunDirectory(folder);
        run.prepare(null, List.of());
        for (ZoneSpec spec : List.of(RATE, OTHER, HOLDS)) {
            ZoneFile.create(run.zonesDirectory().resolve(spec.fileName()), spec, 0, new byte[16]);
        }
    }

    private TreeSet<String> left() throws IOException {
        try (Stream<Path> all = Files.list(run.zonesDirectory())) {
            return new TreeSet<>(all.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(".zone")).toList());
        }
    }

    @Test
    void ratesThatAreWantedAreKept() throws IOException {
        run.prepare(null, List.of(RATE, HOLDS));
        assertEquals(new TreeSet<>(List.of(RATE.fileName())), left());
    }

    @Test
    void anotherBootHasAnotherClock() throws IOException {
        Files.writeString(run.zonesDirectory().resolve("boot"), "of yesterday");
        run.prepare(null, List.of(RATE));
        assertEquals(new TreeSet<>(), left());
    }

    @Test
    void whatIsHalfMadeIsNot() throws IOException {
        Files.writeString(run.zonesDirectory().resolve(RATE.fileName() + ".new"), "");
        run.prepare(null, List.of(RATE));
        assertEquals(new TreeSet<>(List.of(RATE.fileName())), left());
    }
}
