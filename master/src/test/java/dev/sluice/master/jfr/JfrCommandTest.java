package dev.sluice.master.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which process is recorded. */
final class JfrCommandTest {

    private static final List<String> STATUS = List.of("master RUNNING, generation 2",
            "worker 0 (pid 100, generation 1) draining", "worker 1 (pid 101, generation 1) serving",
            "worker 0 (pid 200, generation 2) serving");

    @Test
    void newestOfTheSlot() {
        assertEquals(new JfrCommand.Worker(0, 200, 2), JfrCommand.find(STATUS, 0));
        assertEquals(new JfrCommand.Worker(1, 101, 1), JfrCommand.find(STATUS, 1));
        assertNull(JfrCommand.find(STATUS, 2));
    }
}
