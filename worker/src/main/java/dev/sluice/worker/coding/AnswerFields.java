package dev.sluice.worker.coding;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.MediaTypeSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The fields of an answer's head that decide about codings, found in its lines, and the changes
 * that a coding makes to them.
 *
 * <p>Owner: event loop. Reused; valid until the head is changed.
 */
final class AnswerFields {

    private static final int NONE = -1;
    private static final byte[] COLON = {':', ' '};
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] WEAK = {'W', '/'};
    private static final byte[] ACCEPT_ENCODING = ascii("accept-encoding");
    private static final byte[] VARY_LINE = ascii("Vary: Accept-Encoding\r\n");
    private static final byte[] NO_TRANSFORM = ascii("no-transform");
    private static final byte[] NO_CACHE = ascii("no-cache");
    private static final byte[] NO_STORE = ascii("no-store");
    private static final byte[] PRIVATE = ascii("private");
    private static final byte[] GZIP = ascii("gzip");
    private static final byte[] X_GZIP = ascii("x-gzip");
    private static final byte[] EVENT_STREAM = ascii("text/event-stream");
    /** Digests of the content as it is: it would not fit them any more (RFC 9530, RFC 1864). */
    private static final byte[][] DIGESTS = {
        ascii("content-digest"), ascii("repr-digest"), ascii("digest"), ascii("content-md5")
    };

    private ByteSink head;
    private ByteBuffer b;
    private int typeAt;
    private int typeLength;
    private int etagLine;
    private int acceptRangesLine;
    private int encodingLine;
    boolean coded;
    boolean gzipped;
    boolean ranged;
    boolean varies;
    boolean noTransform;
    boolean digested;
    boolean noCache;
    boolean noStore;
    boolean isPrivate;
    boolean hasLastModified;
    boolean hasExpires;
    /** Where the value of Expires stands. */
    int expiresAt;
    int expiresLength;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** @param from where the status line begins */
    void read(ByteSink lines, int from) {
        head = lines;
        b = lines.buffer();
        typeLength = 0;
        etagLine = NONE;
        acceptRangesLine = NONE;
        encodingLine = NONE;
        coded = false;
        gzipped = false;
        ranged = false;
        varies = false;
        noTransform = false;
        digested = false;
        noCache = false;
        noStore = false;
        isPrivate = false;
        hasLastModified = false;
        hasExpires = false;
        int end = lines.position();
        for (int line = next(from, end); line < end; line = next(line, end)) {
            int colon = AsciiBytes.indexOf(b, line, end, ':');
            int lineEnd = next(line, end) - 2;
            int value = AsciiBytes.skipSpace(b, Math.min(colon + 1, lineEnd), lineEnd);
            field(line, colon - line, value, AsciiBytes.trimSpace(b, value, lineEnd));
        }
    }

    private void field(int line, int nameLength, int value, int end) {
        switch (HeaderName.idOf(b, line, nameLength)) {
            case HeaderName.CONTENT_TYPE -> {
                typeAt = value;
                int semicolon = AsciiBytes.indexOf(b, value, end, ';');
                typeLength = AsciiBytes.trimSpace(b, value, semicolon) - value;
            }
            case HeaderName.CONTENT_ENCODING -> {
                gzipped = !coded && (AsciiBytes.equalsIgnoreCase(b, value, end - value, GZIP)
                        || AsciiBytes.equalsIgnoreCase(b, value, end - value, X_GZIP));
                coded = true;
                encodingLine = line;
            }
            case HeaderName.CONTENT_RANGE -> ranged = true;
            case HeaderName.ETAG -> etagLine = line;
            case HeaderName.ACCEPT_RANGES -> acceptRangesLine = line;
            case HeaderName.VARY -> varies |= has(value, end, ACCEPT_ENCODING)
                    || end - value == 1 && b.get(value) == '*';
            case HeaderName.CACHE_CONTROL -> {
                noTransform |= has(value, end, NO_TRANSFORM);
                noCache |= has(value, end, NO_CACHE);
                noStore |= has(value, end, NO_STORE);
                isPrivate |= has(value, end, PRIVATE);
            }
            case HeaderName.LAST_MODIFIED -> hasLastModified = true;
            case HeaderName.EXPIRES -> {
                hasExpires = true;
                expiresAt = value;
                expiresLength = end - value;
            }
            default -> {
                for (byte[] digest : DIGESTS) {
                    digested |= AsciiBytes.equalsIgnoreCase(b, line, nameLength, digest);
                }
            }
        }
    }

    /** Whether a list has this element, whatever argument that has. */
    private boolean has(int from, int end, byte[] lowerName) {
        for (int at = from; at < end; at++) {
            int elementEnd = AsciiBytes.tokenEnd(b, at, end);
            int name = AsciiBytes.skipSpace(b, at, elementEnd);
            int equals = AsciiBytes.indexOf(b, name, elementEnd, '=');
            if (AsciiBytes.equalsIgnoreCase(b, name, AsciiBytes.trimSpace(b, name, equals) - name,
                    lowerName)) {
                return true;
            }
            at = elementEnd;
        }
        return false;
    }

    /** Behind the CR LF of the line. */
    private int next(int at, int end) {
        return Math.min(AsciiBytes.indexOf(b, at, end, '\n') + 1, end);
    }

    boolean hasTypeOf(MediaTypeSet types) {
        return types.has(b, typeAt, typeLength);
    }

    boolean isEventStream() {
        return AsciiBytes.equalsIgnoreCase(b, typeAt, typeLength, EVENT_STREAM);
    }

    boolean hasEtag() {
        return etagLine != NONE;
    }

    ByteBuffer buffer() {
        return b;
    }

    /** Where the value of ETag begins; only with one. */
    int etagAt() {
        return AsciiBytes.skipSpace(b, AsciiBytes.indexOf(b, etagLine, head.position(), ':') + 1,
                head.position());
    }

    int etagLength() {
        return next(etagLine, head.position()) - 2 - etagAt();
    }

    boolean etagEquals(ByteBuffer other, int offset, int length) {
        return length == etagLength()
                && AsciiBytes.rangesEqualIgnoreCase(b, etagAt(), length, other, offset, length);
    }

    // ---- changes; the fields are not valid behind the last of them

    /** The answer depends on what the client accepts, whether or not it has got a coding. */
    void vary() {
        if (!varies) {
            head.put(VARY_LINE);
            varies = true;
        }
    }

    /** The body is another one: sent in this coding, or without one where that is null. */
    void recode(Coding coding) {
        if (coding != null) {
            head.put(HeaderName.bytes(HeaderName.CONTENT_ENCODING)).put(COLON)
                    .put(coding.token()).put(CRLF);
        }
        weaken();
        // From the last line to the first: what is behind a line that goes moves up.
        int first = Math.min(acceptRangesLine, encodingLine);
        int last = Math.max(acceptRangesLine, encodingLine);
        remove(last);
        remove(first);
    }

    /** Two bodies with one tag are the same by their meaning only (RFC 9110 section 8.8.1). */
    void weaken() {
        if (etagLine == NONE || b.get(etagAt()) == 'W') {
            return;
        }
        int value = etagAt();
        int behind = value + etagLength();
        int moved = head.position() - value;
        if (head.skip(WEAK.length) < 0) {
            return;
        }
        b.put(value + WEAK.length, b, value, moved);
        b.put(value, WEAK);
        acceptRangesLine += acceptRangesLine >= behind ? WEAK.length : 0;
        encodingLine += encodingLine >= behind ? WEAK.length : 0;
    }

    private void remove(int line) {
        if (line == NONE) {
            return;
        }
        int end = head.position();
        int behind = next(line, end);
        b.put(line, b, behind, end - behind);
        head.position(end - (behind - line));
    }
}
