package dev.sluice.worker.cache;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.cache.rules.HeadMerge;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.HeadRules;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.FieldValue;
import dev.sluice.worker.http.HeaderName;
import java.nio.ByteBuffer;

/**
 * Writes the fields of an answer as lines of a record. What changes with each answer that is given,
 * and what is for caches alone, is left out.
 *
 * <p>Owner: event loop.
 */
final class HeadLines {

    private static final byte[] CRLF = {'\r', '\n'};

    private ByteSink out;
    private boolean confirming;
    private int linesFrom;
    /** Where those of this answer begin: those before are what a 304 has left of the stored. */
    private int ownFrom;
    private int lineFrom;
    private int valueFrom;
    private int etagFrom;
    private int etagLength;

    /**
     * Begins, behind what is there already.
     *
     * @param from where the first line begins
     * @param of304 whether the lines are those of a 304
     */
    void begin(ByteSink into, int from, boolean of304) {
        out = into;
        linesFrom = from;
        ownFrom = into.position();
        confirming = of304;
        etagLength = 0;
    }

    void add(byte[] name, byte[] value) {
        begin(name).put(value);
        end();
    }

    void add(byte[] name, ByteBuffer value, int offset, int length) {
        begin(name).put(value, offset, length);
        end();
    }

    void add(ByteBuffer name, int nameOffset, int nameLength, ByteBuffer value, int valueOffset,
            int valueLength) {
        int id = HeaderName.idOf(name, nameOffset, nameLength);
        if (id == HeaderName.AGE
                || confirming && HeadMerge.keepsStored(id, name, nameOffset, nameLength)
                || Tags.isField(name, nameOffset, nameLength)) {
            return;
        }
        lineFrom = out.position();
        out.put(name, nameOffset, nameLength).put(':').put(' ');
        valueFrom = out.position();
        if (id == HeaderName.ETAG) {
            etagFrom = valueFrom;
            etagLength = valueLength;
        }
        out.put(value, valueOffset, valueLength).put(CRLF);
    }

    ByteSink begin(byte[] name) {
        lineFrom = out.position();
        out.put(name).put(':').put(' ');
        valueFrom = out.position();
        return out;
    }

    void end() {
        if (out.position() == valueFrom
                || !FieldValue.isSafe(out.buffer(), valueFrom, out.position())) {
            out.position(lineFrom);
        } else {
            out.put(CRLF);
        }
    }

    /**
     * Has modules change the lines.
     *
     * @return false when there is no room for what comes of it
     */
    boolean edit(HeadRules rules, Exchange x, StoredEdits edits) {
        if (!edits.edit(rules, x, out, ownFrom)) {
            return false;
        }
        ownFrom = StoredEdits.merge(out, linesFrom, ownFrom);
        findEtag();
        return true;
    }

    private void findEtag() {
        ByteBuffer b = out.buffer();
        etagLength = 0;
        for (int at = ownFrom; at < out.position();) {
            int colon = AsciiBytes.indexOf(b, at, out.position(), ':');
            int end = AsciiBytes.indexOf(b, colon, out.position(), '\r');
            if (HeaderName.idOf(b, at, colon - at) == HeaderName.ETAG) {
                etagFrom = colon + 2;
                etagLength = end - etagFrom;
            }
            at = end + 2;
        }
    }

    /** Bytes of all lines. */
    int length() {
        return out.position() - linesFrom;
    }

    /** Where the last ETag stands in the record. */
    int etagFrom() {
        return etagFrom;
    }

    /** 0 when there was none. */
    int etagLength() {
        return etagLength;
    }
}
