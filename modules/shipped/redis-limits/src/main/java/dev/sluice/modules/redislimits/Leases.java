package dev.sluice.modules.redislimits;

import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleCounter;
import dev.sluice.module.RequestHook;
import dev.sluice.module.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Parts of limits that were got from the server and are spent here. A key asks for a tenth of its
 * limit first, then for two, and so on: the busier it is, the seldomer it asks, and never more
 * often in a window than there are slices. When the server does not answer, this worker counts
 * alone, up to the whole limit.
 *
 * <p>Owner: event loop.
 */
final class Leases {

    private static final long MS_PER_S = 1000;
    /** Longer than any question may take: this is not what ends it. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final SharedCounts counts;
    private final InstantSource clock;
    private final int slices;
    private final Map<String, Lease> byKey;
    private final ModuleCounter asked;
    private final ModuleCounter refused;
    private final ModuleCounter local;

    Leases(SharedCounts counts, InstantSource clock, int slices, int keysMax,
            ModuleContext context) {
        this.counts = counts;
        this.clock = clock;
        this.slices = slices;
        this.byKey = new Bounded(keysMax);
        this.asked = context.counter("asked");
        this.refused = context.counter("refused");
        this.local = context.counter("local");
    }

    /** The key that was used longest ago is forgotten. */
    private static final class Bounded extends LinkedHashMap<String, Lease> {
        private static final long serialVersionUID = 1L;
        private final int keysMax;

        Bounded(int keysMax) {
            super(16, 0.75f, true);
            this.keysMax = keysMax;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Lease> eldest) {
            return size() > keysMax;
        }
    }

    Verdict decide(Limit limit, String key) {
        if (key.isEmpty()) {
            return Verdict.NEXT;
        }
        String name = limit.name() + ":" + key;
        Lease lease = byKey.computeIfAbsent(name, one -> new Lease());
        return decide(limit, name, lease);
    }

    private Verdict decide(Limit limit, String name, Lease lease) {
        long nowMs = clock.millis();
        long window = nowMs / limit.windowMs();
        if (lease.window != window) {
            lease.begin(window, Math.max(1, limit.count() / slices));
        }
        if (lease.asked != null && lease.asked.isDone()) {
            take(limit, lease);
        }
        if (lease.left > 0) {
            lease.left--;
            return Verdict.NEXT;
        }
        if (lease.spent) {
            refused.add(1);
            long waitMs = (window + 1) * limit.windowMs() - nowMs;
            return Verdict.respond(limit.status()).with("Retry-After",
                    Long.toString((waitMs + MS_PER_S - 1) / MS_PER_S));
        }
        if (lease.asked == null) {
            asked.add(1);
            lease.asked = counts.take(name + ":" + window, lease.part, limit.count(),
                    limit.windowMs());
            if (lease.asked.isDone()) {
                return decide(limit, name, lease);
            }
        }
        RequestHook again = x -> decide(limit, name, lease);
        return Verdict.suspend(lease.asked.handle((given, failure) -> again), PATIENCE);
    }

    private void take(Limit limit, Lease lease) {
        CompletableFuture<Integer> answer = lease.asked;
        lease.asked = null;
        int given;
        if (answer.isCompletedExceptionally()) {
            local.add(1);
            given = Math.min(lease.part, limit.count() - lease.had);
        } else {
            given = answer.join();
        }
        lease.spent = given < lease.part;
        lease.left += given;
        lease.had += given;
        lease.part = Math.max(1, Math.min(2 * lease.part, limit.count() - lease.had));
    }
}
