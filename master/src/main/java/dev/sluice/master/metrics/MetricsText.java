package dev.sluice.master.metrics;

import dev.sluice.common.counters.CounterReader;
import dev.sluice.common.counters.CounterValues;
import dev.sluice.common.counters.PeerLabel;
import dev.sluice.common.control.OperatorPage;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Renders the metrics of the fleet in the text formats of Prometheus and OpenMetrics. Totals never
 * go back: a worker that is gone is folded into a sum that stays, and a file that cannot be read
 * counts with the values it had when it could be.
 *
 * <p>Owner: the one thread that renders and retires.
 */
public final class MetricsText {
    private static final double MS_PER_SECOND = 1000;

    private final MetricsSource source;
    private final ErrorLog log;
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final FleetTotals retired = new FleetTotals();
    private final OwnSeries own = new OwnSeries();

    /** What each live file held when it was last read. */
    private final Map<Path, CounterValues> lastValues = new HashMap<>();

    /** Files that could not be read the last time, so that each is logged once. */
    private final Set<Path> unreadable = new HashSet<>();

    public MetricsText(MetricsSource source, ErrorLog log) {
        this.source = source;
        this.log = log;
        registerMaster();
        registry.getPrometheusRegistry().register(
                new FleetCollector(this::totals, source, lastValues::get));
        registry.getPrometheusRegistry().register(new LimitCollector(source));
        registry.getPrometheusRegistry().register(new CacheCollector(source));
        registry.getPrometheusRegistry().register(new CertificateCollector(source));
    }

    /** The meters hold their object weakly; {@link #source} keeps it. */
    private void registerMaster() {
        Gauge.builder("sluice.up", source, s -> s.workers() > 0 ? 1 : 0)
                .description("1 while at least one worker serves.")
                .register(registry);
        Gauge.builder("sluice.workers", source, MetricsSource::workers)
                .description("Workers that serve now; below the configured number: see the log.")
                .register(registry);
        Gauge.builder("sluice.generation", source, MetricsSource::generation)
                .description("Generation of the configuration that serves; a reload adds one.")
                .register(registry);
        Gauge.builder("sluice.config.last.reload.successful", source,
                        s -> s.lastReloadGood() ? 1 : 0)
                .description("1 when the last start or reload went well; 0: see the log.")
                .register(registry);
        Gauge.builder("sluice.config.last.reload.success.timestamp.seconds", source,
                        s -> s.lastGoodReloadMs() / MS_PER_SECOND)
                .description("When the last start or reload that went well ended, Unix time.")
                .register(registry);
        FunctionCounter.builder("sluice.respawns", source, MetricsSource::respawns)
                .description("Workers started in place of one that died; any growth is a crash.")
                .register(registry);
        for (String result : MetricsSource.RELOAD_RESULTS) {
            FunctionCounter.builder("sluice.reloads", source, s -> s.reloads(result))
                    .tag("result", result)
                    .description("Reloads by how they ended.")
                    .register(registry);
        }
    }

    /** A page for operators. */
    public byte[] render(OperatorPage page) {
        return switch (page) {
            case METRICS, OPENMETRICS -> text(page);
            case STUB_STATUS -> StubStatus.text(totals()).getBytes(StandardCharsets.US_ASCII);
            case STATUS_JSON, EVENTS ->
                    StatusJson.text(totals(), source, lastValues::get)
                            .getBytes(StandardCharsets.UTF_8);
            case STATUS -> StatusPage.bytes();
        };
    }

    /** The whole text of the metrics. */
    byte[] render() {
        return text(OperatorPage.METRICS);
    }

    private byte[] text(OperatorPage page) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 << 10);
        try {
            registry.scrape(out, page.contentType());
        } catch (IOException e) {
            throw new UncheckedIOException("unreachable: the text is written to memory", e);
        }
        return out.toByteArray();
    }

    /**
     * Takes leave of a worker that has ended: its totals are kept, its file is deleted. From now on
     * {@link MetricsSource#liveCounterFiles} no longer names the file.
     */
    public void retire(Path file) {
        CounterValues values = read(file);
        lastValues.remove(file);
        unreadable.remove(file);
        if (values != null) {
            retired.addRetired(values);
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.log(Level.WARN, "cannot delete counter file \"" + file + "\": " + e.getMessage());
        }
        forgetGone();
    }

    /** Writes the totals of all that was retired, in the format that {@link #retire} reads. */
    public void writeRetired(Path file) throws IOException {
        retired.write(file);
    }

    private void forgetGone() {
        Set<String> servers = new HashSet<>();
        Set<PeerLabel> peers = new HashSet<>();
        Set<String> named = new HashSet<>();
        for (CounterValues live : lastValues.values()) {
            servers.addAll(live.labels().servers());
            peers.addAll(live.labels().peers());
            named.addAll(live.labels().named());
        }
        retired.forgetGone(servers, peers, named);
    }

    private FleetTotals totals() {
        FleetTotals sums = new FleetTotals();
        sums.add(retired);
        List<Path> live = source.liveCounterFiles();
        for (Path file : new LinkedHashSet<>(live)) {
            CounterValues values = read(file);
            if (values != null) {
                sums.addLive(values);
            }
        }
        own.fold(sums);
        return sums;
    }

    /** The values of a file, or those it had the last time, or null when it never had any. */
    private CounterValues read(Path file) {
        try {
            CounterValues values = CounterReader.read(file);
            lastValues.put(file, values);
            unreadable.remove(file);
            return values;
        } catch (IOException e) {
            if (unreadable.add(file)) {
                log.log(Level.WARN, "cannot read counters: " + e.getMessage());
            }
            return lastValues.get(file);
        }
    }
}
