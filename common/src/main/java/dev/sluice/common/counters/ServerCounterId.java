package dev.sluice.common.counters;

/**
 * Counters of one server section. The label of the server is in the header of the counter file.
 * Written by the worker's event loop. Stateless itself.
 */
public enum ServerCounterId {
    REQUESTS(
            "sluice_server_requests_total",
            "",
            CounterUnit.REQUESTS,
            "Requests this server answered or failed to answer."),
    BYTES_RECEIVED(
            "sluice_server_bytes_received_total",
            "",
            CounterUnit.BYTES,
            "Bytes of requests to this server, heads included."),
    BYTES_SENT(
            "sluice_server_bytes_sent_total",
            "",
            CounterUnit.BYTES,
            "Bytes of responses of this server, heads included."),
    /** Also counts exchanges that ended before any status was decided: class {@code none}. */
    RESPONSES_NONE(Responses.METRIC, "none", CounterUnit.REQUESTS, Responses.HELP),
    RESPONSES_1XX(Responses.METRIC, "1xx", CounterUnit.REQUESTS, Responses.HELP),
    RESPONSES_2XX(Responses.METRIC, "2xx", CounterUnit.REQUESTS, Responses.HELP),
    RESPONSES_3XX(Responses.METRIC, "3xx", CounterUnit.REQUESTS, Responses.HELP),
    RESPONSES_4XX(Responses.METRIC, "4xx", CounterUnit.REQUESTS, Responses.HELP),
    RESPONSES_5XX(Responses.METRIC, "5xx", CounterUnit.REQUESTS, Responses.HELP);

    private final String metric;
    private final String statusClass;
    private final CounterUnit unit;
    private final String help;

    ServerCounterId(String metric, String statusClass, CounterUnit unit, String help) {
        this.metric = metric;
        this.statusClass = statusClass;
        this.unit = unit;
        this.help = help;
    }

    /** All constants of a server are totals. */
    public CounterKind kind() {
        return CounterKind.TOTAL;
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
        static final String METRIC = "sluice_http_responses_total";
        static final String HELP =
                "Responses by class of status; 5xx growing without 4xx suggests failing peers.";
    }
}
