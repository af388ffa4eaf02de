package dev.sluice.worker.cache.rules;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The fields of a stored answer after a 304 has confirmed it (RFC 9111 §3.2, §4.3.4): those that
 * the 304 brings replace the stored ones of their names, but for those that describe the body as
 * it is stored. Stored fields are lines, {@code Name: value CR LF}. Stateless.
 */
public final class HeadMerge {

    private static final byte[][] OF_BODY = {
        "content-md5".getBytes(StandardCharsets.US_ASCII),
        "content-digest".getBytes(StandardCharsets.US_ASCII)
    };

    private HeadMerge() {}

    /** Whether a field of a 304 leaves the stored one as it is: a 304 has no body of its own. */
    public static boolean keepsStored(int id, ByteBuffer b, int name, int length) {
        return switch (id) {
            case HeaderName.CONTENT_LENGTH, HeaderName.CONTENT_ENCODING, HeaderName.ETAG,
                    HeaderName.CONTENT_RANGE, HeaderName.TRANSFER_ENCODING -> true;
            case HeaderName.UNKNOWN -> AsciiBytes.equalsIgnoreCase(b, name, length, OF_BODY[0])
                    || AsciiBytes.equalsIgnoreCase(b, name, length, OF_BODY[1]);
            default -> false;
        };
    }

    static boolean keepsStored(HeaderTable of304, int i) {
        return keepsStored(of304.id(i), of304.buffer(), of304.nameOffset(i),
                of304.nameLength(i));
    }

    /**
     * Writes the stored lines without those that are replaced.
     *
     * @param confirmed the fields of the 304; dropped ones replace nothing
     */
    public static void copyKept(ByteBuffer lines, int from, int end, HeaderTable confirmed,
            ByteSink out) {
        int at = from;
        while (at < end) {
            int lineEnd = AsciiBytes.indexOf(lines, at, end, '\n') + 1;
            int nameEnd = AsciiBytes.indexOf(lines, at, lineEnd, ':');
            if (!replaces(confirmed, lines, at, nameEnd - at)) {
                out.put(lines, at, lineEnd - at);
            }
            at = lineEnd;
        }
    }

    /** Whether the 304 brings a field of this name that counts. */
    public static boolean replaces(HeaderTable confirmed, ByteBuffer lines, int name, int length) {
        for (int i = 0; i < confirmed.count(); i++) {
            if (!confirmed.dropped(i) && !keepsStored(confirmed, i)
                    && AsciiBytes.rangesEqualIgnoreCase(confirmed.buffer(),
                            confirmed.nameOffset(i), confirmed.nameLength(i), lines, name,
                            length)) {
                return true;
            }
        }
        return false;
    }
}
