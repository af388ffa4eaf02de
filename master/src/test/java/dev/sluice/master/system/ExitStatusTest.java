package dev.sluice.master.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ExitStatusTest {

    @Test
    void codeAndSignalAreToldApart() {
        assertEquals("exited with code 7", new ExitStatus(7 << 8).words());
        assertEquals("was killed by signal 9 (KILL)", new ExitStatus(9).words());
        assertEquals(
                "was killed by signal 11 (SEGV), core dumped", new ExitStatus(11 | 0x80).words());
        assertTrue(new ExitStatus(0).clean());
        assertFalse(new ExitStatus(9).clean());
    }
}
