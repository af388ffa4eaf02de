package dev.sluice.worker.limit;

import dev.sluice.common.config.LimitConfig;
import dev.sluice.common.config.LimitsConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.zones.HoldTable;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.common.zones.ZonePlan;
import dev.sluice.worker.answer.ExchangeLines;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.variables.WorkerScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All limits of a worker. Used at boot; the gates it makes belong to the event loop. */
public final class Limits {

    private final Map<String, Limit> byName = new LinkedHashMap<>();
    private final Map<String, RateTable> rates = new LinkedHashMap<>();
    private final Map<String, Holdings> holdings = new LinkedHashMap<>();
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final DelayedRequests delayed;
    private final HeldRequests held = new HeldRequests();
    private final HeaderToAdd[] headers;

    private Limits(List<LimitConfig> all, LoopContext ctx) {
        this.delayed = new DelayedRequests(ctx);
        this.headers = all.isEmpty() ? HeaderToAdd.NONE : new LimitFields(all).headers();
    }

    /**
     * The mapped zones of the limits.
     *
     * @param byName of the limit
     * @param lane this process's own part of them
     */
    public record Zones(Map<String, ZoneFile> byName, int lane) {

        /** Of a configuration without limits. */
        public static final Zones NONE = new Zones(Map.of(), 0);

        /**
         * Maps them.
         *
         * @param folder in which the master has made them
         * @throws UncheckedIOException one is missing or damaged
         */
        public static Zones open(SluiceConfig config, Path folder, int lane) {
            Map<String, ZoneFile> byName = new LinkedHashMap<>();
            try {
                for (LimitConfig limit : config.limits()) {
                    byName.put(limit.name(),
                            ZoneFile.open(folder, ZonePlan.ofLimit(limit, config)));
                }
            } catch (IOException lost) {
                throw new UncheckedIOException(lost);
            }
            return new Zones(byName, lane);
        }
    }

    /** All limits of a configuration. */
    public static Limits of(
            SluiceConfig config, Zones zones, LoopContext ctx, WorkerScope scope) {
        Limits limits = new Limits(config.limits(), ctx);
        ExchangeLines lines = new ExchangeLines(config);
        for (LimitConfig limit : config.limits()) {
            limits.places.put(limit.name(), limits.places.size());
            ZoneFile zone = zones.byName().get(limit.name());
            limits.byName.put(limit.name(), new Limit(limit, zone, zones.lane(), scope, lines));
            if (limit.rate() == null) {
                limits.holdings.put(limit.name(),
                        new Holdings(new HoldTable(zone), zones.lane()));
            } else {
                limits.rates.put(limit.name(),
                        new RateTable(zone, limit.rate(), burstMax(config, limit)));
            }
        }
        return limits;
    }

    private static int burstMax(SluiceConfig config, LimitConfig limit) {
        int most = limit.burst();
        for (ServerConfig server : config.servers()) {
            List<LocationConfig> all = new ArrayList<>(server.locations());
            all.add(server.fallback());
            for (LocationConfig one : all) {
                for (LimitsConfig.Rate rate : one.limits().rates()) {
                    most = rate.name().equals(limit.name()) ? Math.max(most, rate.burst()) : most;
                }
            }
        }
        return most;
    }

    /** The limits of rate that a location's requests must pass; null without any. */
    public Gate rateGateFor(LocationConfig location) {
        List<RateGate.Use> uses = new ArrayList<>();
        for (LimitsConfig.Rate rate : location.limits().rates()) {
            uses.add(RateGate.Use.of(byName.get(rate.name()), rates.get(rate.name()),
                    places.get(rate.name()), rate));
        }
        return uses.isEmpty() ? null
                : new RateGate(uses.toArray(RateGate.Use[]::new), delayed);
    }

    /** The limits of connections that a location's requests must pass; null without any. */
    public Gate holdGateFor(LocationConfig location) {
        List<HoldGate.Use> uses = new ArrayList<>();
        for (LimitsConfig.Connections one : location.limits().connections()) {
            uses.add(new HoldGate.Use(
                    byName.get(one.name()), holdings.get(one.name()), one.most()));
        }
        return uses.isEmpty() ? null : new HoldGate(uses.toArray(HoldGate.Use[]::new), held);
    }

    /** The fields that answers of every location carry when a limit has something to tell. */
    public HeaderToAdd[] headers() {
        return headers;
    }
}
