package dev.sluice.worker.http2;

/**
 * What a client may not send, or make this side send, without end. Written at boot, then
 * read-only.
 */
public enum Flood {
    /** Requests opened and cancelled (CVE-2023-44487). */
    RESETS("more streams were reset in a minute than http2_max_resets allows"),
    /** Mistakes that this side answers with RST_STREAM (CVE-2025-8671), or could. */
    MISTAKES("more streams had to be reset in a minute than http2_max_resets allows"),
    /** SETTINGS, PING, PRIORITY, empty frames, unknown ones, frames of closed streams. */
    CONTROL_FRAMES("more control frames in a minute than http2_max_control_frames allows"),
    /** WINDOW_UPDATE beyond what there was to acknowledge. */
    WINDOW_UPDATES("more window updates in a minute than http2_max_control_frames allows");

    private final String sentence;

    Flood(String sentence) {
        this.sentence = sentence;
    }

    /** What happened, for a log line: lower case, no full stop. */
    public String sentence() {
        return sentence;
    }
}
