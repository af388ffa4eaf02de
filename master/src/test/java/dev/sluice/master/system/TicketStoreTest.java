package dev.sluice.master.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.tickets.TicketSecret;
import dev.sluice.master.loop.Timers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The secret of a master and of those after it. */
class TicketStoreTest {

    private static final long HOUR_MS = 3_600_000;

    @TempDir
    Path folder;
    private final SteppedClock clock = new SteppedClock(500 * HOUR_MS);
    private final Timers timers = new Timers(clock);
    private final SluiceConfig secure = config("ssl");

    private SluiceConfig config(String how) {
        return ConfigLoader.loadText("[server s]\nlisten = 127.0.0.1:8443 " + how
                + "\nssl_reject_handshake = on\n", Path.of("/")).config();
    }

    private TicketStore store() {
        return new TicketStore(new RunDirectory(folder), clock, timers);
    }

    @Test
    void shouldGoOnWithTheSecretOfAMasterBefore() throws Exception {
        clock.stepMs(100 * HOUR_MS);
        byte[] first = store().packedFor(secure);
        assertEquals("rw-------", PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("tickets"))));
        assertArrayEquals(first, store().packedFor(secure));
        clock.stepMs(HOUR_MS);
        byte[] second = store().packedFor(secure);
        assertArrayEquals(TicketSecret.of(first).next().packed(), second);
        assertArrayEquals(second, Files.readAllBytes(folder.resolve("tickets")));
    }

    @Test
    void shouldWalkOnWhileNoWorkerIsStarted() throws Exception {
        byte[] first = store().packedFor(secure);
        clock.stepMs(HOUR_MS);
        timers.takeDue().run();
        assertArrayEquals(TicketSecret.of(first).next().packed(),
                Files.readAllBytes(folder.resolve("tickets")));
        clock.stepMs(HOUR_MS);
        timers.takeDue().run();
        assertNull(timers.takeDue());
    }

    @Test
    void shouldNotBelieveAFileThatOthersCouldWrite() throws Exception {
        byte[] first = store().packedFor(secure);
        Files.setPosixFilePermissions(folder.resolve("tickets"),
                PosixFilePermissions.fromString("rw-rw----"));
        byte[] second = store().packedFor(secure);
        assertFalse(Arrays.equals(first, second));
        Files.write(folder.resolve("tickets"), new byte[9]);
        assertEquals(first.length, store().packedFor(secure).length);
    }

    @Test
    void shouldMakeNoneWhereNobodySpeaksTls() throws Exception {
        assertNull(store().packedFor(config("")));
        assertFalse(Files.exists(folder.resolve("tickets")));
    }
}
