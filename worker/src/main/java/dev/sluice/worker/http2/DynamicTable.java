package dev.sluice.worker.http2;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The fields that a client has put into the table of its connection (RFC 7541 §2.3.2), the newest
 * at index 1. An entry lies in one piece; when there is no room behind the newest, the living ones
 * move to the front, where they fit, since the table counts 32 bytes more for each than it needs.
 *
 * <pre>
 *   0        begin                              end          BYTES
 *   | free   | oldest: name value | ... | newest | free      |
 * </pre>
 *
 * <p>Owner: event loop. The memory is taken when the first entry comes and kept.
 */
final class DynamicTable {

    /** The largest table a client may use: what the protocol begins with. */
    static final int BYTES = 4096;
    /** What an entry counts besides its bytes (RFC 7541 §4.1). */
    static final int OVERHEAD = 32;

    private static final int ENTRIES = BYTES / OVERHEAD;

    private ByteBuffer bytes;
    private int begin;
    private int end;
    /** By number of the entry, from the oldest, modulo ENTRIES. */
    private final short[] at = new short[ENTRIES];
    private final short[] nameLengths = new short[ENTRIES];
    private final short[] valueLengths = new short[ENTRIES];
    private int oldest;
    private int count;
    /** By the measure of RFC 7541 §4.1. */
    private int size;
    private int sizeMax = BYTES;

    void reset() {
        clear();
        sizeMax = BYTES;
    }

    private void clear() {
        begin = 0;
        end = 0;
        oldest = 0;
        count = 0;
        size = 0;
    }

    int count() {
        return count;
    }

    int size() {
        return size;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** @param index from 1, the newest, to count */
    private int slot(int index) {
        assert index >= 1 && index <= count : index;
        return (oldest + count - index) % ENTRIES;
    }

    int nameAt(int index) {
        return at[slot(index)];
    }

    int nameLength(int index) {
        return nameLengths[slot(index)];
    }

    int valueAt(int index) {
        int slot = slot(index);
        return at[slot] + nameLengths[slot];
    }

    int valueLength(int index) {
        return valueLengths[slot(index)];
    }

    /** The client uses no more than this from now on. */
    void resize(int bytesMax) {
        assert bytesMax <= BYTES;
        sizeMax = bytesMax;
        evict(0);
    }

    private void evict(int wanted) {
        while (size + wanted > sizeMax && count > 0) {
            int length = nameLengths[oldest] + valueLengths[oldest];
            begin += length;
            size -= length + OVERHEAD;
            oldest = (oldest + 1) % ENTRIES;
            count--;
        }
        if (count == 0) {
            clear();
        }
    }

    /**
     * Adds a copy of a field; one that is larger than the table empties it (RFC 7541 §4.4). The
     * ranges must not lie in this table.
     */
    void add(ByteBuffer names, int nameFrom, int nameLength,
            ByteBuffer values, int valueFrom, int valueLength) {
        assert names != bytes && values != bytes;
        int length = nameLength + valueLength;
        evict(length + OVERHEAD);
        if (length + OVERHEAD > sizeMax) {
            return;
        }
        if (bytes == null) {
            bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }
        if (end + length > BYTES) {
            moveToFront();
        }
        int slot = (oldest + count) % ENTRIES;
        at[slot] = (short) end;
        nameLengths[slot] = (short) nameLength;
        valueLengths[slot] = (short) valueLength;
        bytes.put(end, names, nameFrom, nameLength);
        bytes.put(end + nameLength, values, valueFrom, valueLength);
        end += length;
        size += length + OVERHEAD;
        count++;
        assert size <= sizeMax && end <= BYTES && count <= ENTRIES;
    }

    /** The string is too long to be looked at: so the entry is larger than the table. */
    void addTooLarge() {
        clear();
    }

    private void moveToFront() {
        bytes.put(0, bytes, begin, end - begin);
        for (int i = 0; i < count; i++) {
            int slot = (oldest + i) % ENTRIES;
            at[slot] -= (short) begin;
        }
        end -= begin;
        begin = 0;
    }
}
