package dev.sluice.master.top;

import dev.sluice.common.counters.HistogramBounds;
import dev.sluice.master.metrics.CacheTotals;
import dev.sluice.master.metrics.FleetReader.Look;
import dev.sluice.master.metrics.FleetReader.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What {@code sluice top} shows: two looks and the time between them become rates. Stateless. */
final class TopScreen {

    /** What rows are sorted by, most first. */
    enum Order { RATE, ERRORS, TIME, NAME }

    private static final double NS_PER_MS = 1e6;

    /** A row with what happened since the look before. */
    private record Line(String kind, String name, double rate, double errorRate, double slowMs,
            String text) {
    }

    private TopScreen() {
    }

    /**
     * @param before null for the first look: then rates are since the start of the workers and
     *     shown as totals
     * @param width of the terminal in columns
     */
    static List<String> lines(Look before, Look now, double seconds, Order order, int width) {
        List<String> all = new ArrayList<>();
        all.add(String.format(Locale.ROOT, "sluice  %d workers  %.1f req/s  %d in progress  "
                + "%d connections, %d idle  %.1f KB/s", now.workers().size(),
                rate(now.requests(), before == null ? now.requests() : before.requests(), seconds),
                now.active(), now.connections(), now.idle(),
                rate(now.bytesSent(), before == null ? now.bytesSent() : before.bytesSent(),
                        seconds) / 1024));
        for (CacheTotals cache : now.caches()) {
            all.add(line(cache, before, seconds));
        }
        all.add("");
        all.add(String.format("%-8s %-40s %9s %10s %8s %8s %9s", "", "name", "req/s", "all",
                "4xx", "5xx", "99 % ms"));
        List<Line> lines = new ArrayList<>();
        add(lines, "route", before == null ? null : before.routes(), now.routes(), seconds);
        add(lines, "server", before == null ? null : before.servers(), now.servers(), seconds);
        add(lines, "peer", before == null ? null : before.peers(), now.peers(), seconds);
        lines.sort(comparator(order));
        lines.forEach(line -> all.add(line.text()));
        addSimple(all, "reason", before == null ? null : before.reasons(), now.reasons(), seconds);
        addSimple(all, "worker", before == null ? null : before.workers(), now.workers(), seconds);
        return all.stream().map(line -> line.length() <= width ? line
                : line.substring(0, width)).toList();
    }

    /** Of the requests since the look before; of all when there were none since. */
    private static String line(CacheTotals cache, Look before, double seconds) {
        long requests = cache.requests();
        long hits = cache.hits();
        double rate = 0;
        for (CacheTotals was : before == null ? List.<CacheTotals>of() : before.caches()) {
            if (was.name().equals(cache.name()) && was.requests() < requests) {
                rate = rate(requests, was.requests(), seconds);
                requests -= was.requests();
                hits = Math.max(0, hits - was.hits());
            }
        }
        return String.format(Locale.ROOT, "cache   %s  %.1f req/s  %.1f %% hits  %d answers  "
                + "%.1f MB", cache.name(), rate, requests == 0 ? 0 : 100.0 * hits / requests,
                cache.objects(), cache.bytes() / 1024.0 / 1024);
    }

    private static Comparator<Line> comparator(Order order) {
        Comparator<Line> most = switch (order) {
            case RATE -> Comparator.comparingDouble(line -> -line.rate());
            case ERRORS -> Comparator.comparingDouble(line -> -line.errorRate());
            case TIME -> Comparator.comparingDouble(line -> -line.slowMs());
            case NAME -> Comparator.comparing(Line::name);
        };
        return most.thenComparing(Line::kind).thenComparing(Line::name);
    }

    private static void add(List<Line> to, String kind, List<Row> before, List<Row> now,
            double seconds) {
        for (Row row : now) {
            Row was = find(before, row.name());
            double rate = was == null ? 0 : rate(row.requests(), was.requests(), seconds);
            double errors = was == null ? row.serverErrors()
                    : rate(row.serverErrors(), was.serverErrors(), seconds);
            double slowMs = slowMs(row.times(), was == null ? null : was.times());
            String name = row.name().length() <= 40 ? row.name() : row.name().substring(0, 40);
            to.add(new Line(kind, row.name(), rate, errors, slowMs, String.format(Locale.ROOT,
                    "%-8s %-40s %9.1f %10d %8d %8d %9.1f", kind, name, rate, row.requests(),
                    row.clientErrors(), row.serverErrors(), slowMs)));
        }
    }

    /** Rows that only count, most first; why exchanges ended well is no news. */
    private static void addSimple(List<String> to, String kind, List<Row> before, List<Row> now,
            double seconds) {
        now.stream().filter(row -> !row.name().equals("done"))
                .sorted(Comparator.comparingDouble(row -> -since(before, row, seconds)))
                .forEach(row -> to.add(String.format(Locale.ROOT, "%-8s %-40s %9.1f %10d", kind,
                        row.name(), since(before, row, seconds), row.requests())));
    }

    private static double since(List<Row> before, Row row, double seconds) {
        Row was = find(before, row.name());
        return before == null ? 0
                : rate(row.requests(), was == null ? 0 : was.requests(), seconds);
    }

    private static Row find(List<Row> rows, String name) {
        if (rows != null) {
            for (Row row : rows) {
                if (row.name().equals(name)) {
                    return row;
                }
            }
        }
        return null;
    }

    /** A worker that ended takes its counts along: no rate is below zero. */
    private static double rate(long now, long before, double seconds) {
        return seconds <= 0 ? 0 : Math.max(0, now - before) / seconds;
    }

    /** The bound that 99 of 100 since the look before kept, of all when there were none since. */
    private static double slowMs(long[] now, long[] before) {
        long[] counts = now.clone();
        long sum = 0;
        for (int i = 0; before != null && i < counts.length; i++) {
            counts[i] = Math.max(0, now[i] - before[i]);
            sum += counts[i];
        }
        if (sum == 0) {
            counts = now;
            sum = 0;
            for (long count : counts) {
                sum += count;
            }
        }
        long seen = 0;
        for (int i = 0; sum > 0 && i < counts.length; i++) {
            seen += counts[i];
            if (seen * 100 >= sum * 99) {
                return HistogramBounds.TIMES.boundNs(Math.min(i, counts.length - 2)) / NS_PER_MS;
            }
        }
        return 0;
    }
}
