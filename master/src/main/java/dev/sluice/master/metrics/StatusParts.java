package dev.sluice.master.metrics;

import dev.sluice.common.cache.CacheIndex;
import dev.sluice.common.config.ModuleJar;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterValues;
import dev.sluice.common.counters.ModuleTotals;
import dev.sluice.common.flight.FlightRecord;
import dev.sluice.common.zones.LimitZone.Count;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The parts of {@code /status.json} that are no traffic. Stateless. */
final class StatusParts {

    /** Rows of each; those that matter first where there is an order. */
    private static final int ROWS_MAX = 200;

    private StatusParts() {
    }

    /**
     * The last requests that ended badly, by reason, the last first; {@code at} is wall time in ms.
     */
    static void examples(JsonText json, Map<String, List<FlightRecord>> byReason) {
        json.key("examples").open('{');
        byReason.forEach((reason, some) -> {
            json.key(reason).open('[');
            for (FlightRecord one : some) {
                json.open('{').number("at", one.startMs()).number("us", one.totalUs())
                        .number("status", one.status()).text("request", one.request())
                        .text("server", one.server()).text("route", one.route())
                        .text("client", one.client()).text("upstream", one.peer())
                        .number("upstream_status", one.peerStatus())
                        .number("tries", one.tries()).close('}');
            }
            json.close(']');
        });
        json.close('}');
    }

    static void limits(JsonText json, List<LimitTotals> limits) {
        json.key("limits").open('[');
        for (LimitTotals limit : limits.subList(0, Math.min(limits.size(), ROWS_MAX))) {
            json.open('{').text("name", limit.name());
            for (Count what : Count.values()) {
                json.number(what.label(), limit.count(what));
            }
            json.close('}');
        }
        json.close(']');
    }

    /** {@code hit miss expired stale updating revalidated bypass} are results of requests. */
    static void caches(JsonText json, List<CacheTotals> caches) {
        json.key("caches").open('[');
        for (CacheTotals one : caches.subList(0, Math.min(caches.size(), ROWS_MAX))) {
            json.open('{').text("cache", one.name());
            for (CacheIndex.Count what : CacheIndex.Count.values()) {
                json.number(CacheTotals.label(what), one.count(what));
            }
            json.number("bytes", one.bytes()).number("bytes_max", one.bytesMax())
                    .number("objects", one.objects()).close('}');
        }
        json.close(']');
    }

    /**
     * Those that are served, and those that have been and have counted.
     *
     * @param named totals; those of one module are summed over the phases it is called in
     */
    static void modules(JsonText json, List<ModuleJar> served, Map<String, Long> named) {
        Map<String, ModuleJar> jars = new HashMap<>();
        Map<String, Map<ModuleTotals.Of, Long>> byModule = new TreeMap<>();
        named.forEach((name, value) -> {
            String[] parts = name.split("/");
            for (ModuleTotals.Of of : ModuleTotals.Of.values()) {
                if (parts.length == 3 && parts[0].equals(of.name())) {
                    byModule.computeIfAbsent(parts[1], k -> new EnumMap<>(ModuleTotals.Of.class))
                            .merge(of, value, Long::sum);
                }
            }
        });
        for (ModuleJar jar : served) {
            jars.put(jar.name(), jar);
            byModule.computeIfAbsent(jar.name(), k -> new EnumMap<>(ModuleTotals.Of.class));
        }
        json.key("modules").open('[');
        byModule.forEach((name, sums) -> {
            json.open('{').text("name", name);
            ModuleJar jar = jars.get(name);
            if (jar != null) {
                json.text("version", jar.version()).text("api", jar.api())
                        .text("phases", jar.phases()).text("sha256", jar.sha256());
            }
            for (ModuleTotals.Of of : ModuleTotals.Of.values()) {
                json.number(of.name().toLowerCase(Locale.ROOT), sums.getOrDefault(of, 0L));
            }
            json.close('}');
        });
        json.close(']');
    }

    /** Those that end first, by file: wall time in ms. */
    static void certificates(JsonText json, Map<String, Long> endsMs) {
        json.key("certificates").open('{');
        endsMs.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
                .limit(ROWS_MAX).forEach(one -> json.number(one.getKey(), one.getValue()));
        json.close('}');
    }

    static void processes(JsonText json, List<WorkerProcessFacts> all,
            Function<Path, CounterValues> values) {
        json.key("processes").open('[');
        for (WorkerProcessFacts one : all) {
            json.open('{').number("worker", one.slot()).number("generation", one.generation())
                    .number("pid", one.pid())
                    .number("resident", one.residentBytes())
                    .number("descriptors", one.descriptors())
                    .number("cpu_ticks", one.cpuTicks())
                    .number("paused_ns", one.pausedNs());
            CounterValues counted = values.apply(one.counters());
            if (counted != null) {
                json.number("connections", counted.value(CounterId.CONNECTIONS_ACTIVE))
                        .number("requests", counted.value(CounterId.REQUESTS))
                        .number("slabs", counted.value(CounterId.SLABS_IN_USE))
                        .number("slabs_max", counted.value(CounterId.SLABS_MAX))
                        .number("late_us", Math.round(counted.loopLag().sumSeconds() * 1e6));
            }
            json.close('}');
        }
        json.close(']');
    }
}
