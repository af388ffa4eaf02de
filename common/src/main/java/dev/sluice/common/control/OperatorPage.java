package dev.sluice.common.control;

/** What a worker asks its master for on behalf of an operator. Stateless. */
public enum OperatorPage {
    /** Of all servers with {@code metrics}, and of {@code [admin]}. */
    METRICS("/metrics", "text/plain; version=0.0.4; charset=utf-8"),
    /** nginx's page of this name, byte for byte. */
    STUB_STATUS("/stub_status", "text/plain"),
    STATUS_JSON("/status.json", "application/json"),
    STATUS("/status", "text/html; charset=utf-8"),
    /** The JSON again and again: server-sent events. */
    EVENTS("/status/events", "text/event-stream"),
    /** {@link #METRICS} for who asks for that form (OpenMetrics 1.0). */
    OPENMETRICS("/metrics", "application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String path;
    private final String contentType;

    OperatorPage(String path, String contentType) {
        this.path = path;
        this.contentType = contentType;
    }

    public String path() {
        return path;
    }

    public String contentType() {
        return contentType;
    }

    /** The page of a number, METRICS for an unknown one. */
    public static OperatorPage of(int number) {
        return number > 0 && number < values().length ? values()[number] : METRICS;
    }
}
