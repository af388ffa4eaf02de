package dev.sluice.worker.tunnel;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.ResolverConfig;
import dev.sluice.worker.dns.Answer;
import dev.sluice.worker.dns.Lookup;
import dev.sluice.worker.dns.Names;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Names that tunnels have asked for, as long as their answers may be used.
 *
 * <p>Owner: event loop.
 */
final class KnownNames {

    private static final int NAMES_MAX = 1024;
    private static final long TTL_MAX_MS = 60_000;
    private static final long NS_PER_MS = 1_000_000L;

    private record Key(String host, ResolverConfig by) {}

    private record Known(Answer answer, long untilNs) {}

    private final Clock clock;
    private final Names names;
    /** The one that was used longest ago comes first. */
    private final Map<Key, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
            return size() > NAMES_MAX;
        }
    };

    KnownNames(Clock clock, Names names) {
        this.clock = clock;
        this.names = names;
    }

    /** What is known; null when it has to be asked for. */
    Answer find(String host, ResolverConfig by) {
        Key key = new Key(host, by);
        Known found = known.get(key);
        if (found == null || found.untilNs - clock.nowNs() > 0) {
            return found == null ? null : found.answer;
        }
        known.remove(key);
        return null;
    }

    /** @param onAnswer called later, on the loop, unless it is cancelled */
    Lookup ask(String host, ResolverConfig by, Consumer<Answer> onAnswer) {
        return names.ask(host, by, answer -> {
            if (answer.isFound()) {
                long ttlMs = by.validMs() > 0 ? by.validMs() : Math.min(answer.ttlMs(), TTL_MAX_MS);
                known.put(new Key(host, by),
                        new Known(answer, clock.nowNs() + ttlMs * NS_PER_MS));
            }
            onAnswer.accept(answer);
        });
    }
}
