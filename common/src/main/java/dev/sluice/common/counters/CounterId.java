package dev.sluice.common.counters;

/**
 * Counters of a worker as a whole. Each constant names its metric, its unit and what a change of it
 * suggests to an operator.
 *
 * <p>Written by the worker's event loop, except {@link #LOG_WRITE_ERRORS}, which the log writer
 * thread owns. Stateless itself.
 */
public enum CounterId {
    /** First, so that a watchdog finds it at the start of the first block. */
    HEARTBEAT_MS(
            CounterKind.STAMP,
            "sluice_worker_heartbeat_milliseconds",
            "",
            "",
            CounterUnit.MILLISECONDS,
            "Wall clock of the last turn of the event loop; one that stands still means a stall."),
    CONNECTIONS_ACCEPTED(
            CounterKind.TOTAL,
            "sluice_connections_accepted_total",
            "",
            "",
            CounterUnit.CONNECTIONS,
            "Client connections accepted; growing as fast as requests means no keep-alive."),
    CONNECTIONS_CLOSED(
            CounterKind.TOTAL,
            "sluice_connections_closed_total",
            "",
            "",
            CounterUnit.CONNECTIONS,
            "Client connections closed; accepted minus closed drifting from active is a leak."),
    CONNECTIONS_ACTIVE(
            CounterKind.LEVEL,
            "sluice_connections_active",
            "",
            "",
            CounterUnit.CONNECTIONS,
            "Client connections open now; near worker_connections, new clients wait."),
    CONNECTIONS_IDLE(
            CounterKind.LEVEL,
            "sluice_connections_idle",
            "",
            "",
            CounterUnit.CONNECTIONS,
            "Client connections waiting for a request; nearly all idle: shorten keep-alive."),
    REQUESTS(
            CounterKind.TOTAL,
            "sluice_http_requests_total",
            "",
            "",
            CounterUnit.REQUESTS,
            "Requests whose head was complete; its rate is the load."),
    REQUESTS_ACTIVE(
            CounterKind.LEVEL,
            "sluice_http_requests_active",
            "",
            "",
            CounterUnit.REQUESTS,
            "Requests in progress; growing at an even request rate means slow upstreams."),
    TUNNELS(
            CounterKind.TOTAL,
            "sluice_tunnels_total",
            "",
            "",
            CounterUnit.CONNECTIONS,
            "Connections that were switched to WebSocket; their rate is that of reconnections."),
    TUNNELS_ACTIVE(
            CounterKind.LEVEL,
            "sluice_tunnels_active",
            "",
            "",
            CounterUnit.CONNECTIONS,
            "WebSocket connections open now; each holds a slab, and they are no active requests."),
    STREAM_SESSIONS(
            CounterKind.TOTAL,
            "sluice_stream_sessions_total",
            "",
            "",
            CounterUnit.CONNECTIONS,
            "Sessions of streams; their rate is that of reconnections."),
    STREAM_SESSIONS_ACTIVE(
            CounterKind.LEVEL,
            "sluice_stream_sessions_active",
            "",
            "",
            CounterUnit.CONNECTIONS,
            "Sessions of streams open now; they are no active requests."),
    STREAM_DATAGRAMS_DROPPED(
            CounterKind.TOTAL,
            "sluice_stream_datagrams_dropped_total",
            "",
            "",
            CounterUnit.EVENTS,
            "Datagrams that had no session or no room; growth asks for more udp_sessions."),
    BYTES_RECEIVED(
            CounterKind.TOTAL,
            "sluice_bytes_received_total",
            "",
            "",
            CounterUnit.BYTES,
            "Bytes read from clients, heads included."),
    BYTES_SENT(
            CounterKind.TOTAL,
            "sluice_bytes_sent_total",
            "",
            "",
            CounterUnit.BYTES,
            "Bytes written to clients, heads included."),
    ACCEPT_ERRORS(
            CounterKind.TOTAL,
            "sluice_accept_errors_total",
            "",
            "",
            CounterUnit.EVENTS,
            "Failed accepts; any growth suggests that descriptors have run out."),
    ACCEPT_PAUSES(
            CounterKind.TOTAL,
            "sluice_accept_pauses_total",
            "",
            "",
            CounterUnit.EVENTS,
            "Times a worker stopped accepting at a limit; growth suggests more workers."),
    BAD_REQUESTS(
            CounterKind.TOTAL,
            "sluice_bad_requests_total",
            "",
            "",
            CounterUnit.REQUESTS,
            "Request heads refused by the parser; a burst suggests a scan or a broken client."),
    TLS_HANDSHAKES_FULL(
            CounterKind.TOTAL,
            "sluice_tls_handshakes_total",
            "result",
            "full",
            CounterUnit.EVENTS,
            "TLS handshakes with clients; few resumed ones cost much processor time."),
    TLS_HANDSHAKES_RESUMED(
            CounterKind.TOTAL,
            "sluice_tls_handshakes_total",
            "result",
            "resumed",
            CounterUnit.EVENTS,
            "TLS handshakes with clients; few resumed ones cost much processor time."),
    TLS_HANDSHAKES_FAILED(
            CounterKind.TOTAL,
            "sluice_tls_handshakes_total",
            "result",
            "failed",
            CounterUnit.EVENTS,
            "TLS handshakes with clients; few resumed ones cost much processor time."),
    TLS_CLIENTS_REFUSED(
            CounterKind.TOTAL,
            "sluice_tls_clients_refused_total",
            "",
            "",
            CounterUnit.EVENTS,
            "Connections whose client has shown no certificate where it must, or a bad one."),
    HTTP2_CONNECTIONS(
            CounterKind.TOTAL,
            "sluice_connections_multiplexed_total",
            "",
            "",
            CounterUnit.CONNECTIONS,
            "Client connections that spoke HTTP/2; requests for each show how well it is used."),
    HTTP2_ENDED_RESETS(
            CounterKind.TOTAL,
            "sluice_connections_ended_total",
            "reason",
            "resets",
            CounterUnit.CONNECTIONS,
            "HTTP/2 connections ended for what the client sent; any growth suggests an attack."),
    HTTP2_ENDED_CONTROL_FRAMES(
            CounterKind.TOTAL,
            "sluice_connections_ended_total",
            "reason",
            "control_frames",
            CounterUnit.CONNECTIONS,
            "HTTP/2 connections ended for what the client sent; any growth suggests an attack."),
    HTTP2_ENDED_HEADERS(
            CounterKind.TOTAL,
            "sluice_connections_ended_total",
            "reason",
            "headers",
            CounterUnit.CONNECTIONS,
            "HTTP/2 connections ended for what the client sent; any growth suggests an attack."),
    HTTP2_ENDED_PROTOCOL(
            CounterKind.TOTAL,
            "sluice_connections_ended_total",
            "reason",
            "protocol",
            CounterUnit.CONNECTIONS,
            "HTTP/2 connections ended for what the client sent; any growth suggests an attack."),
    LOG_LINES(
            CounterKind.TOTAL,
            "sluice_access_log_lines_total",
            "",
            "",
            CounterUnit.LINES,
            "Access log lines handed to the log writer."),
    LOG_LINES_DROPPED(
            CounterKind.TOTAL,
            "sluice_access_log_dropped_total",
            "",
            "",
            CounterUnit.LINES,
            "Access log lines lost to a full ring; the disk of the log is too slow or full."),
    LOG_WRITE_ERRORS(
            CounterKind.TOTAL,
            "sluice_log_write_errors_total",
            "",
            "",
            CounterUnit.EVENTS,
            "Failed writes of a log file; the error log says which file and why."),
    SLABS_IN_USE(
            CounterKind.LEVEL,
            "sluice_slabs_in_use",
            "",
            "",
            CounterUnit.SLABS,
            "64 KiB slabs lent out now; idle connections hold none."),
    SLABS_MAX(
            CounterKind.LEVEL,
            "sluice_slabs_max",
            "",
            "",
            CounterUnit.SLABS,
            "Slabs the workers may lend; in use near this value turns requests away."),
    TIMER_FIRED(
            CounterKind.TOTAL,
            "sluice_timers_fired_total",
            "",
            "",
            CounterUnit.EVENTS,
            "Deadlines that passed; compare with terminations by timeout."),
    UPSTREAM_RETRIES(
            CounterKind.TOTAL,
            "sluice_upstream_retries_total",
            "",
            "",
            CounterUnit.REQUESTS,
            "Requests tried on another peer; growth suggests a peer that fails quickly."),
    UPSTREAM_RETRIES_REFUSED(
            CounterKind.TOTAL,
            "sluice_upstream_retries_refused_total",
            "",
            "",
            CounterUnit.REQUESTS,
            "Retries that the budget did not allow; growth means that most peers fail."),
    UPSTREAM_QUEUED(
            CounterKind.LEVEL,
            "sluice_upstream_requests_queued",
            "",
            "",
            CounterUnit.REQUESTS,
            "Requests that wait because all peers are at max_conns."),
    DNS_LOOKUPS_FOUND(
            CounterKind.TOTAL,
            "sluice_dns_lookups_total",
            "result",
            "found",
            CounterUnit.EVENTS,
            "Lookups of upstream names; those that failed suggest a look at the name servers."),
    DNS_LOOKUPS_NONE(
            CounterKind.TOTAL,
            "sluice_dns_lookups_total",
            "result",
            "none",
            CounterUnit.EVENTS,
            "Lookups of upstream names; those that failed suggest a look at the name servers."),
    DNS_LOOKUPS_FAILED(
            CounterKind.TOTAL,
            "sluice_dns_lookups_total",
            "result",
            "failed",
            CounterUnit.EVENTS,
            "Lookups of upstream names; those that failed suggest a look at the name servers."),
    FILE_CACHE_HITS(
            CounterKind.TOTAL,
            "sluice_file_cache_lookups_total",
            "result",
            "hit",
            CounterUnit.EVENTS,
            "Open-file cache lookups; many misses suggest a larger open_file_cache."),
    FILE_CACHE_MISSES(
            CounterKind.TOTAL,
            "sluice_file_cache_lookups_total",
            "result",
            "miss",
            CounterUnit.EVENTS,
            "Open-file cache lookups; many misses suggest a larger open_file_cache."),
    MODULE_FAILURES(
            CounterKind.TOTAL,
            "sluice_module_events_total",
            "event",
            "failed",
            CounterUnit.EVENTS,
            "Hooks of modules that threw or were late (failed) or held the loop up (stalled)."),
    MODULE_STALLS(
            CounterKind.TOTAL,
            "sluice_module_events_total",
            "event",
            "stalled",
            CounterUnit.EVENTS,
            "Hooks of modules that threw or were late (failed) or held the loop up (stalled).");

    private final CounterKind kind;
    private final String metric;
    private final String labelName;
    private final String labelValue;
    private final CounterUnit unit;
    private final String help;

    CounterId(
            CounterKind kind,
            String metric,
            String labelName,
            String labelValue,
            CounterUnit unit,
            String help) {
        this.kind = kind;
        this.metric = metric;
        this.labelName = labelName;
        this.labelValue = labelValue;
        this.unit = unit;
        this.help = help;
    }

    public CounterKind kind() {
        return kind;
    }

    /** Full metric name; several constants may share it and differ by their label. */
    public String metric() {
        return metric;
    }

    /** Name of the label that tells constants of one metric apart, or the empty string. */
    public String labelName() {
        return labelName;
    }

    public String labelValue() {
        return labelValue;
    }

    public CounterUnit unit() {
        return unit;
    }

    /** One sentence: what is counted and what a change of it suggests. */
    public String help() {
        return help;
    }
}
