package dev.sluice.worker.downstream;

import dev.sluice.common.clock.Clock;
import dev.sluice.worker.http.HttpDate;
import java.nio.charset.StandardCharsets;

/**
 * The header lines that every answer has in common, made anew once a second:
 * {@code Server: sluice CRLF Date: Fri, 20 Nov 2026 18:00:00 GMT CRLF}.
 *
 * <p>Owner: event loop.
 */
final class DateHeader {

    private final Clock clock;
    private final byte[] lines;
    private long second = Long.MIN_VALUE;

    /** @param serverToken value of the Server header; null leaves the header out */
    DateHeader(Clock clock, String serverToken) {
        this.clock = clock;
        String server = serverToken == null ? "" : "Server: " + serverToken + "\r\n";
        this.lines = (server + "Date: " + " ".repeat(HttpDate.LENGTH) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Lent until the next call.
     *
     * @param own when the answer was made, if not now: in seconds, else below zero
     */
    byte[] lines(long own) {
        long wanted = own >= 0 ? own : clock.nowMs() / 1000;
        if (wanted != second) {
            second = wanted;
            HttpDate.format(wanted * 1000, lines, lines.length - HttpDate.LENGTH - 2);
        }
        return lines;
    }
}
