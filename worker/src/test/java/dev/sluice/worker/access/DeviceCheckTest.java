package dev.sluice.worker.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.identity.DeviceId;
import dev.sluice.worker.exchange.ClientCertificate;
import dev.sluice.worker.exchange.TlsFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of devices, from the file to the answer. */
class DeviceCheckTest {

    private static final byte[] METER_DER = {1};
    private static final byte[] INVERTER_DER = {2};
    private static final String METER = DeviceId.lfdi(DeviceId.fingerprint(METER_DER));
    private static final String INVERTER = DeviceId.lfdi(DeviceId.fingerprint(INVERTER_DER));

    @TempDir
    private Path directory;
    private int writes;

    private void write(String name, String... lines) throws IOException {
        Path file = Files.writeString(directory.resolve(name), String.join("\n", lines) + "\n");
        // Two versions within the resolution of the file system's clock would look the same.
        Files.setLastModifiedTime(file, FileTime.fromMillis(++writes));
    }

    private AccessHarness start(String keys) {
        return new AccessHarness(directory, keys + "\n[location www /]\nreturn = 200\n");
    }

    private static int get(AccessHarness a, String lfdi) {
        byte[] der = METER.equals(lfdi) ? METER_DER : INVERTER_DER;
        a.h.client.tlsFacts = lfdi == null ? null : new TlsFacts(0, "TLSv1.2", "x", "", false,
                new ClientCertificate(new X509Certificate[1], new byte[][] {der}, "SUCCESS"), 0);
        return a.get("/", null);
    }

    private static void passSeconds(AccessHarness a) {
        a.h.clock.stepMs(2000);
        a.h.ctx.clock.update();
        a.sideClock.stepMs(2000);
        // The request that makes it look is judged by what was known before.
        get(a, METER);
    }

    @Test
    void onlyThoseOfTheListMayCome() throws IOException {
        write("devices", METER);
        AccessHarness a = start("lfdi_allow = devices");
        assertEquals(200, get(a, METER));
        assertEquals(403, get(a, INVERTER));
        assertTrue(a.h.errors.getLast().startsWith(
                "warn: device " + INVERTER + " is not among the devices that may come"));
        assertEquals(403, get(a, null));
        assertTrue(a.h.errors.getLast().startsWith("warn: no certificate says"));
    }

    @Test
    void whoIsDeniedMayNot() throws IOException {
        write("devices", METER, INVERTER);
        write("stolen", INVERTER);
        AccessHarness a = start("lfdi_allow = devices\nlfdi_deny = stolen");
        assertEquals(200, get(a, METER));
        assertEquals(403, get(a, INVERTER));
        a = start("lfdi_deny = stolen");
        assertEquals(403, get(a, INVERTER));
        assertEquals(200, get(a, METER));
        assertEquals(200, get(a, null));
    }

    @Test
    void changedListCounts() throws IOException {
        write("stolen");
        AccessHarness a = start("lfdi_deny = stolen");
        assertEquals(200, get(a, METER));
        write("stolen", METER);
        passSeconds(a);
        assertEquals(403, get(a, METER));
        write("stolen");
        passSeconds(a);
        assertEquals(200, get(a, METER));
    }

    @Test
    void wrongLineChangesNothingAndIsToldOnce() throws IOException {
        write("devices", METER);
        AccessHarness a = start("lfdi_allow = devices");
        write("devices", METER, INVERTER + "0");
        passSeconds(a);
        assertEquals(200, get(a, METER));
        assertEquals(403, get(a, INVERTER));
        assertEquals(1, a.h.errors.stream().filter(line -> line.contains("line 2: \"" + INVERTER
                + "0\" is no LFDI; the list of before stays")).count(), a.h.errors.toString());
        passSeconds(a);
        passSeconds(a);
        assertEquals(1, a.h.errors.stream().filter(line -> line.contains("is no LFDI")).count());
    }

    @Test
    void listThatHasGoneLetsNobodyInUntilItIsBack() throws IOException {
        write("devices", METER);
        AccessHarness a = start("lfdi_allow = devices");
        Files.delete(directory.resolve("devices"));
        passSeconds(a);
        assertEquals(500, get(a, METER));
        write("devices", METER);
        passSeconds(a);
        assertEquals(200, get(a, METER));
    }

    @Test
    void locationMayAskNobody() throws IOException {
        write("devices");
        AccessHarness a = new AccessHarness(directory, "lfdi_allow = devices\n"
                + "[location www /]\nlfdi_allow = off\nreturn = 200\n");
        assertEquals(200, get(a, INVERTER));
    }
}
