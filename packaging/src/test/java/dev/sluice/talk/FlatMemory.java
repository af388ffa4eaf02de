package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

/** A worker's own memory before and after. */
final class FlatMemory {

    /** What a worker may grow by: a few slabs, and what the compiler takes meanwhile. */
    private static final long GROWTH_KB_MAX = 24 * 1024;

    private final long worker;
    private final long beforeKb;

    FlatMemory(RunningSluice sluice) throws IOException {
        worker = sluice.workerPids().getFirst();
        beforeKb = Processes.anonymousKb(worker);
    }

    void check() throws IOException {
        check(GROWTH_KB_MAX);
    }

    /** @param kbMax how much larger it may be now, in KiB */
    void check(long kbMax) throws IOException {
        long grownKb = Processes.anonymousKb(worker) - beforeKb;
        assertTrue(grownKb < kbMax, "the worker grew by " + grownKb + " KiB");
    }
}
