package dev.sluice.worker.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Dates of RFC 9110 §5.6.7: written as IMF-fixdate, read in the three forms, in letters of any
 * case and with UTC for GMT, as RFC 9111 §4.2 wants of caches. Calendar arithmetic is done on days
 * since 1970-01-01 in the proleptic Gregorian calendar. Stateless.
 */
public final class HttpDate {

    /** Bytes that {@link #format} writes: {@code Fri, 20 Nov 2026 18:00:00 GMT}. */
    public static final int LENGTH = 29;

    private static final byte[] DAYS = ascii("ThuFriSatSunMonTueWed");
    private static final byte[] MONTHS = ascii("JanFebMarAprMayJunJulAugSepOctNovDec");
    private static final byte[] GMT = ascii("gmt");
    private static final byte[] UTC = ascii("utc");
    private static final byte[] PATTERN = ascii("Thu, 01 Jan 1970 00:00:00 GMT");
    private static final int[] DAYS_BEFORE_MONTH = {
        0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
    };
    private static final long SECONDS_PER_DAY = 86_400;
    /** 9999-12-31T23:59:59Z: the last second four digits of a year can name. */
    private static final long SECONDS_MAX = 253_402_300_799L;

    private HttpDate() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes {@link #LENGTH} bytes; a time outside of the years 1970 to 9999 is clamped. */
    public static void format(long epochMs, byte[] into, int offset) {
        long seconds = Math.clamp(Math.floorDiv(epochMs, 1000), 0, SECONDS_MAX);
        int day = (int) (seconds / SECONDS_PER_DAY);
        int second = (int) (seconds % SECONDS_PER_DAY);
        System.arraycopy(PATTERN, 0, into, offset, LENGTH);
        System.arraycopy(DAYS, day % 7 * 3, into, offset, 3);
        // Days are counted from 0000-03-01, so that a leap day ends its year.
        int shifted = day + 719_468;
        int era = shifted / 146_097;
        int dayOfEra = shifted % 146_097;
        int yearOfEra =
                (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        int month = monthFromMarch < 10 ? monthFromMarch + 2 : monthFromMarch - 10;
        int year = yearOfEra + era * 400 + (month < 2 ? 1 : 0);
        twoDigits(dayOfMonth, into, offset + 5);
        System.arraycopy(MONTHS, month * 3, into, offset + 8, 3);
        twoDigits(year / 100, into, offset + 12);
        twoDigits(year % 100, into, offset + 14);
        twoDigits(second / 3600, into, offset + 17);
        twoDigits(second / 60 % 60, into, offset + 20);
        twoDigits(second % 60, into, offset + 23);
    }

    private static void twoDigits(int value, byte[] into, int at) {
        into[at] = (byte) ('0' + value / 10);
        into[at + 1] = (byte) ('0' + value % 10);
    }

    /** @return seconds since 1970, or -1 when the range is none of the three forms */
    public static long parse(ByteBuffer b, int offset, int length) {
        if (length == LENGTH && b.get(offset + 3) == ',') {
            return parseFixdate(b, offset);
        }
        if (length == 24 && b.get(offset + 3) == ' ') {
            return parseAsctime(b, offset);
        }
        return parseRfc850(b, offset, length);
    }

    /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    private static long parseFixdate(ByteBuffer b, int at) {
        if (b.get(at + 4) != ' ' || b.get(at + 7) != ' ' || b.get(at + 11) != ' '
                || b.get(at + 16) != ' ' || !isGmt(b, at + 25)) {
            return -1;
        }
        int year = number(b, at + 12) * 100 + number(b, at + 14);
        return seconds(b, year, monthAt(b, at + 8), number(b, at + 5), at + 17);
    }

    /** {@code Sun Nov  6 08:49:37 1994}. */
    private static long parseAsctime(ByteBuffer b, int at) {
        if (b.get(at + 7) != ' ' || b.get(at + 10) != ' ' || b.get(at + 19) != ' ') {
            return -1;
        }
        int day = b.get(at + 8) == ' ' ? digit(b, at + 9) : number(b, at + 8);
        int year = number(b, at + 20) * 100 + number(b, at + 22);
        return seconds(b, year, monthAt(b, at + 4), day, at + 11);
    }

    /**
     * {@code Sunday, 06-Nov-94 08:49:37 GMT}. Two digits of a year below 70 mean 20xx: the dates
     * that are compared here are times of files and responses, which lie in the past.
     */
    private static long parseRfc850(ByteBuffer b, int offset, int length) {
        int at = offset + length - 22;
        // The day's name has 6 letters at least (Sunday) and 9 at most (Wednesday).
        if (length < 30 || length > 33 || b.get(at - 2) != ',' || b.get(at - 1) != ' '
                || b.get(at + 2) != '-' || b.get(at + 6) != '-' || b.get(at + 9) != ' '
                || !isGmt(b, at + 18)) {
            return -1;
        }
        int twoDigits = number(b, at + 7);
        if (twoDigits < 0) {
            return -1;
        }
        int year = twoDigits + (twoDigits < 70 ? 2000 : 1900);
        return seconds(b, year, monthAt(b, at + 3), number(b, at), at + 10);
    }

    private static boolean isGmt(ByteBuffer b, int at) {
        return b.get(at) == ' ' && (AsciiBytes.equalsIgnoreCase(b, at + 1, GMT.length, GMT)
                || AsciiBytes.equalsIgnoreCase(b, at + 1, UTC.length, UTC));
    }

    /** 0 to 11, or -1. */
    private static int monthAt(ByteBuffer b, int at) {
        for (int month = 0; month < 12; month++) {
            int name = month * 3;
            if (isLetter(b, at, name) && isLetter(b, at + 1, name + 1)
                    && isLetter(b, at + 2, name + 2)) {
                return month;
            }
        }
        return -1;
    }

    private static boolean isLetter(ByteBuffer b, int at, int ofMonths) {
        return AsciiBytes.lower(b.get(at)) == AsciiBytes.lower(MONTHS[ofMonths]);
    }

    private static int digit(ByteBuffer b, int at) {
        int digit = b.get(at) - '0';
        return digit >= 0 && digit <= 9 ? digit : -100_000;
    }

    /** Two digits; far below zero when they are none, so that sums of them stay negative. */
    private static int number(ByteBuffer b, int at) {
        return digit(b, at) * 10 + digit(b, at + 1);
    }

    private static long seconds(ByteBuffer b, int year, int month, int day, int timeAt) {
        int hour = number(b, timeAt);
        int minute = number(b, timeAt + 3);
        int second = number(b, timeAt + 6);
        if (year < 1970 || month < 0 || day < 1 || hour < 0 || minute < 0 || second < 0
                || hour > 23 || minute > 59 || second > 60
                || b.get(timeAt + 2) != ':' || b.get(timeAt + 5) != ':') {
            return -1;
        }
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        int monthEnd = month == 11 ? 365 : DAYS_BEFORE_MONTH[month + 1];
        int daysInMonth = monthEnd - DAYS_BEFORE_MONTH[month] + (month == 1 && leap ? 1 : 0);
        if (day > daysInMonth) {
            return -1;
        }
        int before = year - 1;
        long days = 365L * before + before / 4 - before / 100 + before / 400 - 719_162
                + DAYS_BEFORE_MONTH[month] + (month > 1 && leap ? 1 : 0) + day - 1;
        return days * SECONDS_PER_DAY + hour * 3600L + minute * 60L + second;
    }
}
