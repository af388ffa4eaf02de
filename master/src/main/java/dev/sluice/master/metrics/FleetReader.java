package dev.sluice.master.metrics;

import dev.sluice.common.config.CacheConfig;
import dev.sluice.common.counters.CounterReader;
import dev.sluice.common.counters.CounterValues;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The counters of all living workers, read by another process than the master: their files are for
 * everybody who may read the run directory. What ended workers have counted is not among them, so
 * totals are not those of /metrics; rates are.
 *
 * <p>Owner: the calling thread.
 */
public final class FleetReader {

    private final Path counters;
    private final List<CacheConfig> caches;

    /** @param counters the folder of counter files */
    public FleetReader(Path counters, List<CacheConfig> caches) {
        this.counters = counters;
        this.caches = caches;
    }

    /** A look at all of them. */
    public record Look(List<Row> routes, List<Row> servers, List<Row> peers, long requests,
            long active, long connections, long idle, long bytesSent, List<Row> workers,
            List<Row> reasons, List<CacheTotals> caches) {
    }

    /** What has a line of its own; times are counts by bucket. */
    public record Row(String name, long requests, long clientErrors, long serverErrors,
            long active, long[] times) {
    }

    /** Null when no file is there: nothing runs with this run directory. */
    public Look look() throws IOException {
        FleetTotals sums = new FleetTotals();
        List<Row> workers = new ArrayList<>();
        if (!Files.isDirectory(counters)) {
            return null;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(counters, "*.ctr")) {
            for (Path file : files) {
                try {
                    CounterValues values = CounterReader.read(file);
                    sums.addLive(values);
                    workers.add(FleetRows.worker(file, values));
                } catch (IOException ended) {
                    // A worker that ends takes its file along, also between two looks.
                    continue;
                }
            }
        }
        workers.sort(Comparator.comparing(Row::name));
        return workers.isEmpty() ? null : FleetRows.of(sums, workers, CacheTotals.of(caches));
    }

    /** The same as JSON, by the names of {@code /status.json}. */
    public static String json(Look now) {
        JsonText json = new JsonText().open('{').number("workers", now.workers().size())
                .number("requests", now.requests()).number("requests_active", now.active())
                .number("connections_active", now.connections())
                .number("connections_idle", now.idle()).number("bytes_sent", now.bytesSent());
        for (Map.Entry<String, List<Row>> part : Map.of("routes", now.routes(), "servers",
                now.servers(), "peers", now.peers()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey()).toList()) {
            json.key(part.getKey()).open('[');
            for (Row row : part.getValue()) {
                json.open('{').text("name", row.name()).number("requests", row.requests())
                        .number("4xx", row.clientErrors()).number("5xx", row.serverErrors())
                        .number("active", row.active()).key("times").open('[');
                for (long count : row.times()) {
                    json.element(count);
                }
                json.close(']').close('}');
            }
            json.close(']');
        }
        json.key("reasons").open('{');
        now.reasons().forEach(reason -> json.number(reason.name(), reason.requests()));
        json.close('}');
        StatusParts.caches(json, now.caches());
        return json.close('}').toString();
    }
}
