package dev.sluice.worker.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds of an exchange whose location has gates: a limit in a mapped zone, a list of
 * addresses, both, none. Run as the benchmark of routing is; {@code -prof gc} shows that
 * nothing is allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx256m"})
public class GateBench {

    private Path folder;
    private GateHarness bare;
    private GateHarness limit;
    private GateHarness access;
    private GateHarness both;

    @Setup
    public void build() throws IOException {
        folder = Files.createTempDirectory("gates");
        bare = new GateHarness(folder, "");
        limit = new GateHarness(folder, GateHarness.LIMIT);
        access = new GateHarness(folder, GateHarness.ACCESS_LIST);
        both = new GateHarness(folder, GateHarness.LIMIT + GateHarness.ACCESS_LIST);
    }

    @TearDown
    public void clean() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** Parse, dispatch, return, end: what is to be taken from the others. */
    @Benchmark
    public int withoutGates() {
        return bare.exchange();
    }

    @Benchmark
    public int accessList() {
        return access.exchange();
    }

    @Benchmark
    public int limit() {
        return limit.exchange();
    }

    @Benchmark
    public int limitAndAccessList() {
        return both.exchange();
    }
}
