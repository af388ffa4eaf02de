package dev.sluice.worker.answer;

import dev.sluice.common.config.ExpiresConfig;
import dev.sluice.common.config.ExpiresConfig.Kind;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HttpDate;
import dev.sluice.worker.http.NameSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.TimeZone;

/**
 * {@code expires}: writes Expires and Cache-Control (RFC 9111 §5.3, §5.2.2.1) in place of those
 * that are there, by nginx's arithmetic.
 *
 * <p>Owner: event loop.
 */
final class ExpiresRule {

    private static final byte[] EXPIRES = ascii("Expires: ");
    private static final byte[] EPOCH = ascii("Expires: Thu, 01 Jan 1970 00:00:01 GMT\r\n");
    private static final byte[] MAX = ascii("Expires: Thu, 31 Dec 2037 23:55:55 GMT\r\n"
            + "Cache-Control: max-age=315360000\r\n");
    private static final byte[] NO_CACHE = ascii("Cache-Control: no-cache\r\n");
    private static final byte[] MAX_AGE = ascii("Cache-Control: max-age=");
    private static final byte[] CRLF = ascii("\r\n");
    private static final NameSet REPLACED = new NameSet();

    static {
        REPLACED.add(HeaderName.EXPIRES);
        REPLACED.add(HeaderName.CACHE_CONTROL);
    }

    private final ExpiresConfig config;
    private final TimeZone timeZone;
    private final byte[] date = new byte[HttpDate.LENGTH];
    /** The second that {@code date} tells, and the next one of a daily time. */
    private long dateSecond = Long.MIN_VALUE;
    private long dailySecond = Long.MIN_VALUE;

    /** @param zone where the times of a day count */
    ExpiresRule(ExpiresConfig config, TimeZone zone) {
        this.config = config;
        timeZone = zone;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void apply(long nowMs, ByteSink head, int from) {
        if (config.kind() == Kind.OFF) {
            return;
        }
        long now = Math.floorDiv(nowMs, 1000);
        long modified = config.kind() == Kind.MODIFIED ? lastModified(head, from) : -1;
        HeadLines.remove(head, from, REPLACED);
        switch (config.kind()) {
            case OFF, VARIABLE -> throw new IllegalStateException(config.toString());
            case EPOCH -> head.put(EPOCH).put(NO_CACHE);
            case MAX -> head.put(MAX);
            case DAILY -> write(nextDaily(now), now, head);
            case ACCESS, MODIFIED -> write(
                    (modified < 0 ? now : modified) + config.seconds(), now, head);
        }
    }

    private void write(long expires, long now, ByteSink head) {
        if (expires != dateSecond) {
            dateSecond = expires;
            HttpDate.format(expires * 1000, date, 0);
        }
        head.put(EXPIRES).put(date).put(CRLF);
        if (expires < now || config.seconds() < 0) {
            head.put(NO_CACHE);
        } else {
            head.put(MAX_AGE).putDecimal(expires - now).put(CRLF);
        }
    }

    /** -1 without a Last-Modified that is a date. */
    private static long lastModified(ByteSink head, int from) {
        ByteBuffer b = head.buffer();
        int line = HeadLines.find(b, from, head.position(), HeaderName.LAST_MODIFIED);
        if (line == HeadLines.NONE) {
            return -1;
        }
        int valueAt = HeadLines.valueAt(b, line, head.position());
        return HttpDate.parse(b, valueAt, HeadLines.lineEnd(b, line, head.position()) - valueAt);
    }

    /** Looked for once a day, so it may allocate. */
    private long nextDaily(long now) {
        if (now >= dailySecond) {
            ZoneId zone = timeZone.toZoneId();
            ZonedDateTime midnight = Instant.ofEpochSecond(now).atZone(zone).toLocalDate()
                    .atStartOfDay(zone);
            long next = midnight.toEpochSecond() + config.seconds();
            dailySecond = next > now ? next
                    : midnight.plusDays(1).toEpochSecond() + config.seconds();
        }
        return dailySecond;
    }
}
