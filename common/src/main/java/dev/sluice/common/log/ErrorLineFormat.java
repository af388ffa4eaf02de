package dev.sluice.common.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.TimeZone;

/**
 * The form of a line of the error log, which is nginx's: {@code 2026/11/20 18:00:00 [error] 1234#0:
 * message}; after the process id stands the slot of the worker, 0 for the master. Or JSON:
 *
 * <pre>
 * {"time":"2026-11-20T18:00:00.123Z","level":"error","pid":1234,"slot":0,"message":"message"}
 * </pre>
 *
 * For a {@link SystemLog}, which knows the time, it begins with the digit of the severity (RFC 5424
 * §6.2.1): {@code 3[error] 1234#0: message}.
 *
 * <p>Immutable, any thread.
 */
public final class ErrorLineFormat {
    /** Bounds a message; what is longer is cut, since a line is written in one go. */
    static final int MESSAGE_CHARS_MAX = 8192;

    /** How the same is written. */
    public enum Form { TEXT, JSON, SYSTEM }

    private final long pid;
    private final int slot;
    private final String sender;
    private final TimeZone zone;
    private final Form form;

    /**
     * @param zone not a {@code ZoneId}, which reads the rules of all zones one by one: 100 ms of
     *     every start
     */
    public ErrorLineFormat(long pid, int slot, TimeZone zone) {
        this(pid, slot, zone, Form.TEXT);
    }

    private ErrorLineFormat(long pid, int slot, TimeZone zone, Form form) {
        this.pid = pid;
        this.slot = slot;
        this.sender = pid + "#" + slot + ": ";
        this.zone = zone;
        this.form = form;
    }

    /** For this process and the time zone of the machine. */
    public static ErrorLineFormat ofThisProcess(int slot) {
        return new ErrorLineFormat(ProcessHandle.current().pid(), slot, TimeZone.getDefault());
    }

    /** The same sender, in the form that a log of this path and this word asks for. */
    public ErrorLineFormat in(String path, boolean json) {
        return !json && !SystemLog.isSystem(path) ? this
                : new ErrorLineFormat(pid, slot, zone, json ? Form.JSON : Form.SYSTEM);
    }

    /** A whole line with its line end, in UTF-8. */
    public byte[] line(Level level, long nowMs, String message) {
        if (form != Form.TEXT) {
            return otherLine(level, nowMs, message);
        }
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

    private byte[] otherLine(Level level, long nowMs, String message) {
        StringBuilder s = new StringBuilder(128 + message.length());
        if (form == Form.SYSTEM) {
            s.append(level.severity()).append('[').append(level.label()).append("] ")
                    .append(sender);
            Escape.plain(s, message, MESSAGE_CHARS_MAX);
        } else {
            s.append("{\"time\":\"").append(Instant.ofEpochMilli(nowMs)).append("\",\"level\":\"")
                    .append(level.label()).append("\",\"pid\":").append(pid).append(",\"slot\":")
                    .append(slot).append(",\"message\":\"");
            Escape.json(s, message, MESSAGE_CHARS_MAX);
            s.append("\"}");
        }
        return s.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void two(StringBuilder s, int value) {
        s.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }
}
