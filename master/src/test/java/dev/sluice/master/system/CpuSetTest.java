package dev.sluice.master.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpuSetTest {

    @Test
    void readsTheKernelsList() {
        assertEquals(List.of(0), CpuSet.parse("0"));
        assertEquals(List.of(0, 1, 2, 8, 10, 11), CpuSet.parse("0-2,8,10-11"));
    }

    @Test
    void thisProcessMayUseAProcessor() {
        assertFalse(CpuSet.allowed().isEmpty());
    }
}
