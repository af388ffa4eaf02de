package dev.sluice.common.log;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.TimeZone;

/**
 * The form of a line of the error log, which is nginx's: {@code 2026/11/20 18:00:00 [error] 1234#0:
 * message}; after the process id stands the slot of the worker, 0 for the master.
 *
 * <p>Immutable, any thread.
 */
public final class ErrorLineFormat {
    /** Bounds a message; what is longer is cut, since a line is written in one go. */
    static final int MESSAGE_CHARS_MAX = 8192;

    private final String sender;
    private final TimeZone zone;

    /**
     * @param zone not a {@code ZoneId}, which reads the rules of all zones one by one: 100 ms of
     *     every start
     */
    public ErrorLineFormat(long pid, int slot, TimeZone zone) {
        this.sender = pid + "#" + slot + ": ";
        this.zone = zone;
    }

    /** For this process and the time zone of the machine. */
    public static ErrorLineFormat ofThisProcess(int slot) {
        return new ErrorLineFormat(ProcessHandle.current().pid(), slot, TimeZone.getDefault());
    }

    /** A whole line with its line end, in UTF-8. */
    public byte[] line(Level level, long nowMs, String message) {
        StringBuilder s = new StringBuilder(64 + message.length());
        LocalDateTime t = LocalDateTime.ofEpochSecond(
                Math.floorDiv(nowMs + zone.getOffset(nowMs), 1000L), 0, ZoneOffset.UTC);
        s.append(t.getYear());
        two(s.append('/'), t.getMonthValue());
        two(s.append('/'), t.getDayOfMonth());
        two(s.append(' '), t.getHour());
        two(s.append(':'), t.getMinute());
        two(s.append(':'), t.getSecond());
        s.append(" [").append(level.label()).append("] ").append(sender);
        Escape.plain(s, message, MESSAGE_CHARS_MAX);
        return s.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void two(StringBuilder s, int value) {
        s.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }
}
