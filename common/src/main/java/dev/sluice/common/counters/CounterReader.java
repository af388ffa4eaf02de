package dev.sluice.common.counters;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * Reads the counter file of a worker that lives, hangs or is dead. A file that is missing, not
 * finished, too short or of another version is an IOException with the reason in words, never a
 * fault.
 *
 * <p>Stateless, any thread of any process.
 */
public final class CounterReader {
    private CounterReader() {}

    /** Maps the file, copies all values, unmaps it. */
    public static CounterValues read(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            CounterFile open = CounterFile.openForReading(file, arena);
            return CounterValues.of(open.layout, open.words);
        } catch (InternalError e) {
            // The JVM turns the SIGBUS of a file that was shortened under the mapping into this.
            throw new IOException(file + ": counter file was cut while it was read", e);
        }
    }

    /** Only the heartbeat: wall clock in ms of the worker's last turn, 0 before the first. */
    public static long heartbeatMs(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            CounterFile open = CounterFile.openForReading(file, arena);
            int at = open.layout.scalarAt[CounterId.HEARTBEAT_MS.ordinal()];
            return at < 0 ? 0 : CounterWords.read(open.words, at);
        } catch (InternalError e) {
            throw new IOException(file + ": counter file was cut while it was read", e);
        }
    }
}
