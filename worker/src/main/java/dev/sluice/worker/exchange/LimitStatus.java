package dev.sluice.worker.exchange;

/** What became of a request at a limit: nginx's words for it. Stateless. */
public enum LimitStatus {
    /** No limit was asked. */
    NONE(""),
    PASSED("PASSED"),
    DELAYED("DELAYED"),
    REJECTED("REJECTED"),
    DELAYED_SHADOW("DELAYED_DRY_RUN"),
    REJECTED_SHADOW("REJECTED_DRY_RUN");

    private final String label;

    LimitStatus(String label) {
        this.label = label;
    }

    /** The value of {@code $limit_req_status} and {@code $limit_conn_status}. */
    public String label() {
        return label;
    }
}
