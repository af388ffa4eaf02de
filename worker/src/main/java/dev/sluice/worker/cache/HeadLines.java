package dev.sluice.worker.cache;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.cache.rules.HeadMerge;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.FieldLines;
import dev.sluice.worker.exchange.HeadRules;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import java.nio.ByteBuffer;

/**
 * Writes the fields of an answer as lines of a record. What changes with each answer that is given,
 * and what is for caches alone, is left out.
 *
 * <p>Owner: event loop.
 */
final class HeadLines extends FieldLines {

    private boolean confirming;
    private int linesFrom;
    /** Where those of this answer begin: those before are what a 304 has left of the stored. */
    private int ownFrom;
    private int etagFrom;
    private int etagLength;

    /**
     * Begins, behind what is there already.
     *
     * @param from where the first line begins
     * @param of304 whether the lines are those of a 304
     */
    void begin(ByteSink into, int from, boolean of304) {
        sink = into;
        linesFrom = from;
        ownFrom = into.position();
        confirming = of304;
        etagLength = 0;
    }

    @Override
    public void header(byte[] name, byte[] value) {
        beginHeader(name).put(value);
        endHeader();
    }

    @Override
    public void header(byte[] name, ByteBuffer value, int offset, int length) {
        beginHeader(name).put(value, offset, length);
        endHeader();
    }

    @Override
    public void header(ByteBuffer name, int nameOffset, int nameLength, ByteBuffer value,
            int valueOffset, int valueLength) {
        int id = HeaderName.idOf(name, nameOffset, nameLength);
        if (id == HeaderName.AGE
                || confirming && HeadMerge.keepsStored(id, name, nameOffset, nameLength)
                || Tags.isField(name, nameOffset, nameLength)) {
            return;
        }
        if (id == HeaderName.ETAG) {
            etagFrom = sink.position() + nameLength + 2;
            etagLength = valueLength;
        }
        super.header(name, nameOffset, nameLength, value, valueOffset, valueLength);
    }

    /**
     * Has modules change the lines.
     *
     * @return false when there is no room for what comes of it
     */
    boolean edit(HeadRules rules, Exchange x, StoredEdits edits) {
        if (!edits.edit(rules, x, sink, ownFrom)) {
            return false;
        }
        ownFrom = StoredEdits.merge(sink, linesFrom, ownFrom);
        findEtag();
        return true;
    }

    private void findEtag() {
        ByteBuffer b = sink.buffer();
        etagLength = 0;
        for (int at = ownFrom; at < sink.position();) {
            int colon = AsciiBytes.indexOf(b, at, sink.position(), ':');
            int end = AsciiBytes.indexOf(b, colon, sink.position(), '\r');
            if (HeaderName.idOf(b, at, colon - at) == HeaderName.ETAG) {
                etagFrom = colon + 2;
                etagLength = end - etagFrom;
            }
            at = end + 2;
        }
    }

    /** Bytes of all lines. */
    int length() {
        return sink.position() - linesFrom;
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
