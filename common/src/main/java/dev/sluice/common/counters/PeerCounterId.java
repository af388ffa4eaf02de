package dev.sluice.common.counters;

/**
 * Counters of one peer of an upstream. Both labels are in the header of the counter file. Written
 * by the worker's event loop. Stateless itself.
 */
public enum PeerCounterId {
    REQUESTS(
            CounterKind.TOTAL,
            "sluice_upstream_requests_total",
            "",
            CounterUnit.REQUESTS,
            "Requests sent to this peer, retries included; uneven numbers suggest weights."),
    FAILURES(
            CounterKind.TOTAL,
            "sluice_upstream_failures_total",
            "",
            CounterUnit.REQUESTS,
            "Failed attempts on this peer: refused, reset, timed out or answered badly."),
    UNAVAILABLE(
            CounterKind.TOTAL,
            "sluice_upstream_unavailable_total",
            "",
            CounterUnit.EVENTS,
            "Times this peer was set aside, after max_fails failures or one when tried again."),
    CHECKS(
            CounterKind.TOTAL,
            "sluice_upstream_checks_total",
            "",
            CounterUnit.EVENTS,
            "Active health checks of this peer, made by one worker for all."),
    CHECK_FAILURES(
            CounterKind.TOTAL,
            "sluice_upstream_check_failures_total",
            "",
            CounterUnit.EVENTS,
            "Active health checks of this peer that failed; the error log says why."),
    CHECKED_DOWN(
            CounterKind.LEVEL,
            "sluice_upstream_checked_down",
            "",
            CounterUnit.PEERS,
            "Addresses of this peer that get no requests because of active checks."),
    CONNECTS(
            CounterKind.TOTAL,
            "sluice_upstream_connects_total",
            "",
            CounterUnit.CONNECTIONS,
            "Connections opened to this peer; near its requests, keepalive is too small."),
    REUSES(
            CounterKind.TOTAL,
            "sluice_upstream_reuses_total",
            "",
            CounterUnit.CONNECTIONS,
            "Requests sent over a kept-alive connection of this peer."),
    BYTES_SENT(
            CounterKind.TOTAL,
            "sluice_upstream_bytes_sent_total",
            "",
            CounterUnit.BYTES,
            "Bytes written to this peer, heads included."),
    BYTES_RECEIVED(
            CounterKind.TOTAL,
            "sluice_upstream_bytes_received_total",
            "",
            CounterUnit.BYTES,
            "Bytes read from this peer, heads included."),
    ACTIVE(
            CounterKind.LEVEL,
            "sluice_upstream_requests_active",
            "",
            CounterUnit.REQUESTS,
            "Requests this peer has not answered yet; growing suggests that it is slow."),
    IDLE(
            CounterKind.LEVEL,
            "sluice_upstream_connections_idle",
            "",
            CounterUnit.CONNECTIONS,
            "Kept-alive connections of this peer that wait for a request."),
    RESPONSES_1XX(CounterKind.TOTAL, Responses.METRIC, "1xx", CounterUnit.REQUESTS, Responses.HELP),
    RESPONSES_2XX(CounterKind.TOTAL, Responses.METRIC, "2xx", CounterUnit.REQUESTS, Responses.HELP),
    RESPONSES_3XX(CounterKind.TOTAL, Responses.METRIC, "3xx", CounterUnit.REQUESTS, Responses.HELP),
    RESPONSES_4XX(CounterKind.TOTAL, Responses.METRIC, "4xx", CounterUnit.REQUESTS, Responses.HELP),
    RESPONSES_5XX(CounterKind.TOTAL, Responses.METRIC, "5xx", CounterUnit.REQUESTS, Responses.HELP);

    private final CounterKind kind;
    private final String metric;
    private final String statusClass;
    private final CounterUnit unit;
    private final String help;

    PeerCounterId(
            CounterKind kind, String metric, String statusClass, CounterUnit unit, String help) {
        this.kind = kind;
        this.metric = metric;
        this.statusClass = statusClass;
        this.unit = unit;
        this.help = help;
    }

    public CounterKind kind() {
        return kind;
    }

    public String metric() {
        return metric;
    }

    /** Value of the label {@code class}, or the empty string when the metric has none. */
    public String statusClass() {
        return statusClass;
    }

    public CounterUnit unit() {
        return unit;
    }

    public String help() {
        return help;
    }

    /** Shared by the constants of one metric. */
    private static final class Responses {
        static final String METRIC = "sluice_upstream_responses_total";
        static final String HELP = "Responses of this peer by class of status.";
    }
}
