package dev.sluice.modules.ieee2030;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.module.ModuleException;
import dev.sluice.module.testkit.InMemorySluice;
import dev.sluice.module.testkit.TestRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of devices and roots of bodies, from the file to the answer. */
final class Ieee2030Test {

    private static final String METER = "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad6";
    private static final String INVERTER = "dbc1b4c900ffe48d575b5da5c638040125f65db0";

    @TempDir
    private Path folder;

    private final AtomicLong nowMs = new AtomicLong(1_795_197_600_000L);
    private final List<InMemorySluice> opened = new ArrayList<>();
    private int writes;

    @AfterEach
    void close() {
        opened.forEach(InMemorySluice::close);
    }

    private void write(String name, String... lines) throws IOException {
        Path file = Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
        // Two versions within the resolution of the file system's clock would look the same.
        Files.setLastModifiedTime(file, FileTime.fromMillis(++writes));
    }

    private InMemorySluice start(String... keys) throws ModuleException {
        InMemorySluice sluice = InMemorySluice.of(
                new Ieee2030Module(() -> Instant.ofEpochMilli(nowMs.get())));
        for (int i = 0; i < keys.length; i += 2) {
            sluice.set(keys[i], keys[i + 1].equals("on") || keys[i + 1].equals("off")
                    ? keys[i + 1] : folder.resolve(keys[i + 1]).toString());
        }
        opened.add(sluice.open());
        return sluice;
    }

    private static int get(InMemorySluice sluice, String lfdi) {
        return sluice.send(TestRequest.get("/").variable("ssl_client_lfdi",
                lfdi == null ? "" : lfdi)).status();
    }

    /** A changed list is looked at on another thread, a second after the last look. */
    private void until(BooleanSupplier so) {
        nowMs.addAndGet(2_000);
        while (!so.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void onlyThoseOfTheListMayCome() throws Exception {
        write("devices", METER);
        InMemorySluice a = start("ieee2030_5_allow", "devices");
        assertEquals(200, get(a, METER));
        assertEquals(403, get(a, INVERTER));
        assertTrue(a.log().getLast().startsWith(
                "warn: device " + INVERTER + " is not among the devices that may come"));
        assertEquals(403, get(a, null));
        assertTrue(a.log().getLast().startsWith("warn: no certificate says"));
    }

    @Test
    void whoIsDeniedMayNot() throws Exception {
        write("devices", METER, INVERTER);
        write("stolen", INVERTER);
        InMemorySluice a = start("ieee2030_5_allow", "devices", "ieee2030_5_deny", "stolen");
        assertEquals(200, get(a, METER));
        assertEquals(403, get(a, INVERTER));
        a = start("ieee2030_5_deny", "stolen");
        assertEquals(403, get(a, INVERTER));
        assertEquals(200, get(a, METER));
        assertEquals(200, get(a, null));
    }

    @Test
    void changedListCounts() throws Exception {
        write("stolen");
        InMemorySluice a = start("ieee2030_5_deny", "stolen");
        assertEquals(200, get(a, METER));
        write("stolen", METER);
        until(() -> get(a, METER) == 403);
        write("stolen");
        until(() -> get(a, METER) == 200);
    }

    @Test
    void wrongLineChangesNothingAndIsToldOnce() throws Exception {
        write("devices", METER);
        InMemorySluice a = start("ieee2030_5_allow", "devices");
        write("devices", METER, INVERTER + "0");
        until(() -> {
            assertEquals(200, get(a, METER));
            return a.log().toString().contains("line 2: \"" + INVERTER
                    + "0\" is no LFDI; the list of before stays");
        });
        nowMs.addAndGet(2_000);
        assertEquals(403, get(a, INVERTER));
        assertEquals(1, a.log().stream().filter(line -> line.contains("is no LFDI")).count());
    }

    @Test
    void listThatHasGoneLetsNobodyInUntilItIsBack() throws Exception {
        write("devices", METER);
        InMemorySluice a = start("ieee2030_5_allow", "devices");
        Files.delete(folder.resolve("devices"));
        until(() -> get(a, METER) == 500);
        write("devices", METER);
        until(() -> get(a, METER) == 200);
    }

    @Test
    void locationMayAskNobody() throws Exception {
        assertFalse(start("ieee2030_5_allow", "off", "ieee2030_5_root", "off").hasHooks());
    }

    @Test
    void listsAreLookedAtByTheCheck() throws Exception {
        write("bad", METER, "[server");
        String message = assertThrows(ModuleException.class, () -> InMemorySluice.of(
                new Ieee2030Module()).dryRun().set("ieee2030_5_deny",
                        folder.resolve("bad").toString()).open()).getMessage();
        assertTrue(message.endsWith("line 2: \"[server\" is no LFDI"), message);
        assertThrows(ModuleException.class, () -> InMemorySluice.of(new Ieee2030Module()).dryRun()
                .set("ieee2030_5_allow", folder.resolve("nowhere").toString()).open());
    }

    private static String root(InMemorySluice sluice, String type, String body) {
        assertEquals(200, sluice.send(TestRequest.of("POST", "/").header("Content-Type", type)
                .body(body)).status());
        return sluice.expand("$sep_root");
    }

    @Test
    void rootOfABodyIsAVariable() throws Exception {
        InMemorySluice a = start("ieee2030_5_root", "on");
        String document = "<?xml version=\"1.0\"?><!-- a --><e:EndDevice xmlns:e=\"urn\"/>";
        assertEquals("EndDevice", root(a, "application/sep+xml", document));
        assertEquals("EndDevice", root(a, "application/SEP+xml; charset=utf-8", document));
        assertEquals("", root(a, "application/sep+xmlx", document));
        assertEquals("", root(a, "text/plain", document));
        assertEquals("", root(a, "application/sep+xml", "   "));
        assertEquals("", root(a, "application/sep+xml", " ".repeat(5_000) + "<a/>"));
    }
}
