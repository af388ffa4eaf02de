package dev.sluice.worker.cache.rules;

import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the Cache-Control fields of one head say (RFC 9111 §5.2), both of requests and of responses.
 * Strings in quotes are read as strings, so that a directive inside of one is none. Of a directive
 * that stands twice the first counts, and a number that cannot be read means no time at all
 * (§4.2.1). Reused.
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class Directives {

    /** A number that is not there. */
    public static final int ABSENT = -1;
    /** The largest number of seconds; more counts as this (RFC 9111 §1.2.2). */
    public static final int SECONDS_MAX = Integer.MAX_VALUE;

    public static final int NO_STORE = 1;
    public static final int NO_CACHE = 1 << 1;
    public static final int PRIVATE = 1 << 2;
    public static final int PUBLIC = 1 << 3;
    public static final int MUST_REVALIDATE = 1 << 4;
    public static final int PROXY_REVALIDATE = 1 << 5;
    public static final int ONLY_IF_CACHED = 1 << 6;
    public static final int MUST_UNDERSTAND = 1 << 7;
    /** {@code max-stale} without a number: any age will do. */
    public static final int MAX_STALE = 1 << 8;
    /** {@code no-cache} of the fields that it names alone (§5.2.2.4). */
    public static final int NO_CACHE_FIELDS = 1 << 9;

    static final int MAX_AGE = 0;
    static final int S_MAXAGE = 1;
    static final int STALE_WHILE_REVALIDATE = 2;
    static final int STALE_IF_ERROR = 3;
    static final int MAX_STALE_SECONDS = 4;
    static final int MIN_FRESH = 5;

    private static final byte[][] FLAG_NAMES = names("no-store", "no-cache", "private", "public",
            "must-revalidate", "proxy-revalidate", "only-if-cached", "must-understand",
            "max-stale");
    private static final byte[][] NUMBER_NAMES = names("max-age", "s-maxage",
            "stale-while-revalidate", "stale-if-error", "max-stale", "min-fresh");

    /** So many lists of names are told apart; with more, no-cache is about all fields. */
    private static final int LISTS_MAX = 4;

    private final int[] seconds = new int[NUMBER_NAMES.length];
    /** Where the names of fields that no-cache has stand, from and to. */
    private final int[] lists = new int[2 * LISTS_MAX];
    private int listCount;
    private int flags;
    private boolean present;

    private static byte[][] names(String... texts) {
        byte[][] names = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            names[i] = texts[i].getBytes(StandardCharsets.US_ASCII);
        }
        return names;
    }

    /** Nothing is said. */
    public Directives clear() {
        flags = 0;
        listCount = 0;
        present = false;
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = ABSENT;
        }
        return this;
    }

    /** Reads all fields of an id, which are one list (RFC 9110 §5.3). */
    public Directives read(HeaderTable headers, int id) {
        clear();
        for (int i = headers.find(id); i >= 0; i = headers.findNext(id, i)) {
            add(headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
        }
        return this;
    }

    /** Reads one more field value. */
    public void add(ByteBuffer b, int offset, int length) {
        present = true;
        int end = offset + length;
        int at = offset;
        while (at < end) {
            int nameFrom = AsciiBytes.skipSpace(b, at, end);
            int nameEnd = nameFrom;
            while (nameEnd < end && isNamePart(b.get(nameEnd))) {
                nameEnd++;
            }
            boolean valued = nameEnd < end && b.get(nameEnd) == '=';
            int valueFrom = valued ? nameEnd + 1 : nameEnd;
            at = memberEnd(b, valueFrom, end);
            int valueEnd = AsciiBytes.trimSpace(b, valueFrom, at);
            if (valued || valueEnd == nameEnd) {
                take(b, nameFrom, nameEnd - nameFrom, valued ? valueFrom : -1, valueEnd);
            }
            at++;
        }
    }

    private static boolean isNamePart(byte c) {
        return c != ',' && c != '=' && c != ' ' && c != '\t' && c != '"' && c != ';';
    }

    /** Where the member of the list ends: at a comma outside of quotes. */
    private static int memberEnd(ByteBuffer b, int from, int end) {
        boolean quoted = false;
        int at = from;
        while (at < end && (quoted || b.get(at) != ',')) {
            byte c = b.get(at);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                at++;
            }
            at++;
        }
        return Math.min(at, end);
    }

    private void take(ByteBuffer b, int from, int length, int valueFrom, int valueEnd) {
        for (int i = 0; i < NUMBER_NAMES.length; i++) {
            if (AsciiBytes.equalsIgnoreCase(b, from, length, NUMBER_NAMES[i])) {
                if (i == MAX_STALE_SECONDS && valueFrom < 0) {
                    flags |= MAX_STALE;
                } else {
                    number(i, number(b, valueFrom, valueEnd));
                }
                return;
            }
        }
        for (int i = 0; i < FLAG_NAMES.length; i++) {
            if (AsciiBytes.equalsIgnoreCase(b, from, length, FLAG_NAMES[i])) {
                flags |= 1 << i == NO_CACHE && isList(b, valueFrom, valueEnd) ? NO_CACHE_FIELDS
                        : 1 << i;
                return;
            }
        }
    }

    /** Whether the value names fields, in quotes or, when it is one, without (§5.2). */
    private boolean isList(ByteBuffer b, int valueFrom, int valueEnd) {
        if (valueFrom < 0 || valueEnd <= valueFrom || listCount == LISTS_MAX) {
            return false;
        }
        boolean quoted = b.get(valueFrom) == '"';
        int from = quoted ? valueFrom + 1 : valueFrom;
        int end = quoted ? valueEnd - 1 : valueEnd;
        if (AsciiBytes.skipSpace(b, from, end) >= end) {
            return false;
        }
        lists[2 * listCount] = from;
        lists[2 * listCount + 1] = end;
        listCount++;
        return true;
    }

    /** Whether no-cache, in what was read of this memory, names a field. */
    public boolean withholds(ByteBuffer b, int nameAt, int nameLength) {
        for (int i = 0; i < 2 * listCount; i += 2) {
            for (int at = lists[i]; at < lists[i + 1];) {
                int memberEnd = AsciiBytes.indexOf(b, at, lists[i + 1], ',');
                int from = AsciiBytes.skipSpace(b, at, memberEnd);
                int end = AsciiBytes.trimSpace(b, from, memberEnd);
                if (AsciiBytes.rangesEqualIgnoreCase(b, from, end - from, b, nameAt,
                        nameLength)) {
                    return true;
                }
                at = memberEnd + 1;
            }
        }
        return false;
    }

    /** Delta seconds (RFC 9111 §1.2.2), also in quotes (§5.2); 0 for what is no number. */
    private static int number(ByteBuffer b, int from, int end) {
        int at = from;
        int behind = end;
        if (at >= 0 && behind - at >= 2 && b.get(at) == '"' && b.get(behind - 1) == '"') {
            at++;
            behind--;
        }
        if (at < 0 || at == behind) {
            return 0;
        }
        long value = 0;
        for (; at < behind; at++) {
            int digit = b.get(at) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            value = Math.min(SECONDS_MAX, value * 10 + digit);
        }
        return (int) value;
    }

    /** The first one counts. */
    void number(int which, int value) {
        if (seconds[which] == ABSENT) {
            seconds[which] = value;
        }
    }

    /** Says this, too. */
    public Directives with(int flag) {
        flags |= flag;
        present = true;
        return this;
    }

    void flag(int which, boolean on) {
        flags = on ? flags | which : flags & ~which;
    }

    void found() {
        present = true;
    }

    /** The place of a name among those with numbers; below zero for others. */
    static int numberOf(ByteBuffer b, int from, int length) {
        for (int i = 0; i < NUMBER_NAMES.length; i++) {
            if (AsciiBytes.equalsIgnoreCase(b, from, length, NUMBER_NAMES[i])) {
                return i;
            }
        }
        return -1;
    }

    /** The flag of a name; 0 for others. */
    static int flagOf(ByteBuffer b, int from, int length) {
        for (int i = 0; i < FLAG_NAMES.length; i++) {
            if (AsciiBytes.equalsIgnoreCase(b, from, length, FLAG_NAMES[i])) {
                return 1 << i;
            }
        }
        return 0;
    }

    /** Whether there was a field at all. */
    public boolean isPresent() {
        return present;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** In seconds, or {@link #ABSENT}; as are the next ones. */
    public int maxAge() {
        return seconds[MAX_AGE];
    }

    public int sharedMaxAge() {
        return seconds[S_MAXAGE];
    }

    public int staleWhileRevalidate() {
        return seconds[STALE_WHILE_REVALIDATE];
    }

    public int staleIfError() {
        return seconds[STALE_IF_ERROR];
    }

    /** How stale an answer may be for a request; {@link #SECONDS_MAX} for any. */
    public int maxStale() {
        return has(MAX_STALE) ? SECONDS_MAX : seconds[MAX_STALE_SECONDS];
    }

    public int minFresh() {
        return seconds[MIN_FRESH];
    }
}
