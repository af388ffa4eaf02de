package dev.sluice.master.metrics;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterKind;
import io.prometheus.metrics.model.snapshots.Labels;

/**
 * nginx's {@code stub_status}, and the eight names that its exporter makes of it, so that
 * dashboards and agents for nginx find what they look for. A connection is waiting when it is idle,
 * writing while a request is in progress, reading otherwise. Stateless.
 */
final class StubStatus {

    private StubStatus() {
    }

    private static long reading(FleetTotals sums) {
        return Math.max(0, value(sums, CounterId.CONNECTIONS_ACTIVE)
                - value(sums, CounterId.CONNECTIONS_IDLE)
                - value(sums, CounterId.REQUESTS_ACTIVE));
    }

    private static long value(FleetTotals sums, CounterId id) {
        return sums.scalars[id.ordinal()];
    }

    /** The page, as nginx writes it. */
    static String text(FleetTotals sums) {
        long accepted = value(sums, CounterId.CONNECTIONS_ACCEPTED);
        return "Active connections: " + value(sums, CounterId.CONNECTIONS_ACTIVE) + " \n"
                + "server accepts handled requests\n"
                + " " + accepted + " " + accepted + " " + value(sums, CounterId.REQUESTS) + " \n"
                + "Reading: " + reading(sums) + " Writing: "
                + value(sums, CounterId.REQUESTS_ACTIVE) + " Waiting: "
                + value(sums, CounterId.CONNECTIONS_IDLE) + " \n";
    }

    static void add(Families to, FleetTotals sums, boolean up) {
        long accepted = value(sums, CounterId.CONNECTIONS_ACCEPTED);
        level(to, "nginx_up", up ? 1 : 0);
        level(to, "nginx_connections_accepted", accepted);
        level(to, "nginx_connections_handled", accepted);
        level(to, "nginx_connections_active", value(sums, CounterId.CONNECTIONS_ACTIVE));
        level(to, "nginx_connections_reading", reading(sums));
        level(to, "nginx_connections_waiting", value(sums, CounterId.CONNECTIONS_IDLE));
        level(to, "nginx_connections_writing", value(sums, CounterId.REQUESTS_ACTIVE));
        to.add(CounterKind.TOTAL, "nginx_http_requests_total", HELP, Labels.EMPTY,
                value(sums, CounterId.REQUESTS));
    }

    private static final String HELP = "By the name that nginx's exporter has for it.";

    private static void level(Families to, String name, long value) {
        to.add(CounterKind.LEVEL, name, HELP, Labels.EMPTY, value);
    }
}
