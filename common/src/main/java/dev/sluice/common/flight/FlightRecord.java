package dev.sluice.common.flight;

import dev.sluice.common.log.Escape;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What was recorded of one request. Times are microseconds, -1 where there is none; texts are as
 * they came, "" where there is none. Immutable.
 *
 * @param serial counted from 1 by its worker
 * @param totalUs -1 while it is under way
 * @param why the label of its termination
 * @param request method and path, without the query, perhaps cut
 */
public record FlightRecord(
        long serial,
        long startMs,
        long totalUs,
        long connectUs,
        long headUs,
        long responseUs,
        long bytesIn,
        long bytesOut,
        int status,
        int peerStatus,
        String why,
        String server,
        String route,
        int tries,
        String client,
        int port,
        String peer,
        String request) {

    private static final DateTimeFormatter TIME = DateTimeFormatter
            .ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final double US_PER_SECOND = 1e6;
    private static final int CHARS_MAX = 512;

    /** Whether it had not ended when the record was read, or its worker died. */
    public boolean underWay() {
        return totalUs < 0;
    }

    /** One line; nothing in it can forge another. */
    public String line() {
        StringBuilder text = new StringBuilder(256);
        text.append(TIME.format(Instant.ofEpochMilli(startMs))).append(' ')
                .append(seconds(totalUs)).append(' ')
                .append(underWay() ? "---" : Integer.toString(status)).append(' ');
        // A worker's words: one that somebody has taken over writes what that one likes.
        Escape.plain(text, underWay() ? "under_way" : why, CHARS_MAX);
        part(text, "client", client);
        text.append(':').append(port);
        part(text, "server", server);
        part(text, "location", route);
        text.append(" \"");
        Escape.quoted(text, request, CHARS_MAX);
        text.append('"');
        if (!peer.isEmpty()) {
            part(text, "upstream", peer);
            text.append(" upstream_status=").append(peerStatus)
                    .append(" tries=").append(tries)
                    .append(" connect=").append(seconds(connectUs))
                    .append(" header=").append(seconds(headUs))
                    .append(" response=").append(seconds(responseUs));
        }
        return text.append(" in=").append(bytesIn).append(" out=").append(bytesOut).toString();
    }

    private static void part(StringBuilder to, String name, String value) {
        to.append(' ').append(name).append('=');
        Escape.plain(to, value.isEmpty() ? "-" : value, CHARS_MAX);
    }

    private static String seconds(long us) {
        return us < 0 ? "-" : String.format(Locale.ROOT, "%.6f", us / US_PER_SECOND);
    }
}
