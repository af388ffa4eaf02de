package dev.sluice.worker.variables;

import dev.sluice.worker.arena.ByteSink;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.TimeZone;

/**
 * The time in the two forms of access logs, made once a second:
 * {@code 20/Nov/2026:18:00:00 +0000} and {@code 2026-11-20T18:00:00+00:00}.
 *
 * <p>Owner: event loop.
 */
final class LogTime {

    /** Bytes of the first form. */
    static final int LOCAL_BYTES = 26;

    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private final TimeZone zone;
    private long second = Long.MIN_VALUE;
    private byte[] local;
    private byte[] iso;

    LogTime(TimeZone zone) {
        this.zone = zone;
    }

    TimeZone zone() {
        return zone;
    }

    void appendLocal(long epochMs, ByteSink out) {
        turnTo(epochMs);
        out.put(local);
    }

    void appendIso(long epochMs, ByteSink out) {
        turnTo(epochMs);
        out.put(iso);
    }

    private void turnTo(long epochMs) {
        long now = Math.floorDiv(epochMs, 1000);
        if (now != second) {
            second = now;
            format();
        }
    }

    /** Once a second, so it may allocate. */
    private void format() {
        int offset = zone.getOffset(second * 1000) / 1000;
        LocalDateTime t = LocalDateTime.ofEpochSecond(second + offset, 0, ZoneOffset.UTC);
        int minutes = Math.abs(offset) / 60;
        char sign = offset < 0 ? '-' : '+';
        local = ascii("%02d/%s/%04d:%02d:%02d:%02d %c%02d%02d", t.getDayOfMonth(),
                MONTHS[t.getMonthValue() - 1], t.getYear(), t.getHour(), t.getMinute(),
                t.getSecond(), sign, minutes / 60, minutes % 60);
        iso = ascii("%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", t.getYear(), t.getMonthValue(),
                t.getDayOfMonth(), t.getHour(), t.getMinute(), t.getSecond(), sign, minutes / 60,
                minutes % 60);
    }

    private static byte[] ascii(String form, Object... values) {
        return String.format(Locale.ROOT, form, values).getBytes(StandardCharsets.US_ASCII);
    }
}
