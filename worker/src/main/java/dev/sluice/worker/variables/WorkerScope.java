package dev.sluice.worker.variables;

import dev.sluice.common.config.KnownVariables;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.SecretKey;
import dev.sluice.worker.exchange.ValueTemplate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TimeZone;
import java.util.function.Function;

/**
 * What the texts of a worker have in common: the values that are the same for all exchanges, and
 * one piece of memory to put a text together before its length must be known.
 *
 * <p>Owner: event loop.
 */
public final class WorkerScope {

    /** The longest text that is put together before it is sent, in bytes. */
    public static final int SCRATCH_BYTES = 64 * 1024;

    private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

    final long pid;
    final byte[] hostname;
    final LogTime time;
    final RequestIds requestIds;
    final TraceContext trace;
    /** Groups of the expressions of all rules. */
    public final NamePlaces captureNames = new NamePlaces();
    /** Parameters of all path templates. */
    public final NamePlaces parameterNames = new NamePlaces();
    private final Map<String, ValueTemplate> defined = new HashMap<>();
    private final Map<String, Function<String, ValueTemplate>> families = new HashMap<>();
    private final ByteBuffer scratch =
            ByteBuffer.allocateDirect(SCRATCH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteSink scratchSink = new ByteSink();

    /** @param key0 first half of the secret behind {@code $request_id}; key1 the second */
    public WorkerScope(long pid, String hostname, TimeZone zone, long key0, long key1) {
        this.pid = pid;
        this.hostname = hostname.getBytes(StandardCharsets.UTF_8);
        this.time = new LogTime(zone);
        this.requestIds = new RequestIds(key0, key1);
        this.trace = new TraceContext(requestIds);
    }

    public static WorkerScope ofThisProcess() {
        SecretKey key = SecretKey.random();
        return new WorkerScope(ProcessHandle.current().pid(), readHostname(),
                TimeZone.getDefault(), key.word0(), key.word1());
    }

    /** The kernel's own name: asking Java for it could ask the resolver. */
    private static String readHostname() {
        try {
            return Files.readString(HOSTNAME).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }

    /** Where the times of a day count. */
    public TimeZone zone() {
        return time.zone();
    }

    /** Adds a variable of the configuration. Used at boot. */
    public void define(String name, ValueTemplate value) {
        defined.put(name, value);
    }

    /** @param family {@code claim_*}: all whose names begin so, made by the rest of the name */
    public void defineFamily(String family, Function<String, ValueTemplate> values) {
        families.put(family, values);
    }

    /** Null when the configuration defines no such variable. */
    ValueTemplate defined(String name) {
        ValueTemplate known = defined.get(name);
        String family = known != null || families.isEmpty() ? null
                : KnownVariables.familyOf(name, families.keySet());
        return family == null ? known
                : families.get(family).apply(name.substring(family.length() - 1));
    }

    /** An empty sink over the scratch memory; lent until the caller returns to the loop. */
    public ByteSink scratch() {
        return scratchSink.reset(scratch, 0, SCRATCH_BYTES);
    }
}
