package dev.sluice.master.metrics;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel knows of one worker (proc(5)). Immutable.
 *
 * @param slot of the worker
 * @param counters its file, for what it counts itself
 * @param residentBytes memory that is in RAM, shared pages included; -1 when it cannot be told
 * @param descriptors open ones; -1 when it cannot be told
 * @param cpuTicks user and system time, in 1/100 s; -1 when it cannot be told
 * @param pausedNs how long its Java stood still, nearly always to collect garbage: what the thread
 *     that does it has run, and waited to run; -1 when it cannot be told
 */
public record WorkerProcessFacts(
        int slot, long generation, long pid, Path counters, long residentBytes, long descriptors,
        long cpuTicks, long pausedNs) {

    /** A living worker. */
    public record Who(int slot, long generation, long pid, Path counters) {

        /** Asks the kernel; a worker that has just ended has no facts. */
        public WorkerProcessFacts facts() {
            Path proc = Path.of("/proc/" + pid);
            return new WorkerProcessFacts(slot, generation, pid, counters, resident(proc),
                    descriptors(proc), ticks(proc), paused(proc));
        }
    }

    private static final int PAGE_BYTES = 4096;
    /** Of /proc/PID/stat, counted from behind the name: utime and stime. */
    private static final int UTIME = 11;
    private static final String PAUSING_THREAD = "VM Thread\n";

    private static long resident(Path proc) {
        try {
            return Long.parseLong(Files.readString(proc.resolve("statm")).split(" ")[1])
                    * PAGE_BYTES;
        } catch (IOException | RuntimeException gone) {
            return -1;
        }
    }

    private static long descriptors(Path proc) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(proc.resolve("fd"))) {
            long count = 0;
            for (Path one : all) {
                assert one != null;
                count++;
            }
            return count;
        } catch (IOException | RuntimeException gone) {
            return -1;
        }
    }

    /** The serial collector works in the JVM's own thread while all others stand. */
    private static long paused(Path proc) {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(proc.resolve("task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).equals(PAUSING_THREAD)) {
                    String[] times = Files.readString(thread.resolve("schedstat")).split(" ");
                    return Long.parseLong(times[0]) + Long.parseLong(times[1]);
                }
            }
            return -1;
        } catch (IOException | RuntimeException gone) {
            return -1;
        }
    }

    private static long ticks(Path proc) {
        try {
            String stat = Files.readString(proc.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1]);
        } catch (IOException | RuntimeException gone) {
            return -1;
        }
    }
}
