package dev.sluice.worker.http;

import java.nio.ByteBuffer;

/**
 * The header fields of one head as ranges of the buffer they arrived in. Fields keep their order;
 * a dropped field stays where it is and stays findable, it only does not travel further.
 *
 * <pre>
 *   entry i, four ints:  | name offset | value offset | value length | name length:16 D:1 id:15 |
 * </pre>
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class HeaderTable {

    private static final int STRIDE = 4;
    private static final int DROPPED = 0x8000;
    private static final int ID = 0x7fff;

    private final int[] entries;
    private final int max;
    private ByteBuffer buffer;
    private int count;
    /** Index of the first field of an id; valid where the id's bit is in present. */
    private final short[] first = new short[HeaderName.COUNT];
    /** Bit per id that is there, so that asking for an absent header costs no search. */
    private long present0;
    private long present1;
    /** Bit per id that is there more than once. */
    private long repeated0;
    private long repeated1;

    public HeaderTable(int max) {
        assert max > 0 && max <= Short.MAX_VALUE : max;
        this.max = max;
        this.entries = new int[max * STRIDE];
    }

    public void reset(ByteBuffer b) {
        buffer = b;
        count = 0;
        present0 = 0;
        present1 = 0;
        repeated0 = 0;
        repeated1 = 0;
    }

    /** Becomes a table of the same fields in the same buffer; it must have as much room. */
    void copy(HeaderTable other) {
        assert max >= other.count;
        buffer = other.buffer;
        count = other.count;
        System.arraycopy(other.entries, 0, entries, 0, count * STRIDE);
        System.arraycopy(other.first, 0, first, 0, first.length);
        present0 = other.present0;
        present1 = other.present1;
        repeated0 = other.repeated0;
        repeated1 = other.repeated1;
    }

    public ByteBuffer buffer() {
        return buffer;
    }

    /** The fields lie in another buffer from now on, at the same places. */
    public void moveTo(ByteBuffer other) {
        buffer = other;
    }

    public int count() {
        return count;
    }

    /** @return false when the table is full; the field is not in it then */
    public boolean add(int nameOffset, int nameLength, int valueOffset, int valueLength, int id) {
        assert nameLength > 0 && nameLength <= 0xffff : nameLength;
        assert id >= 0 && id < HeaderName.COUNT : id;
        if (count == max) {
            return false;
        }
        int at = count++ * STRIDE;
        entries[at] = nameOffset;
        entries[at + 1] = valueOffset;
        entries[at + 2] = valueLength;
        entries[at + 3] = nameLength << 16 | id;
        if (!has(id)) {
            first[id] = (short) (count - 1);
        }
        long bit = 1L << id;
        if (id < 64) {
            repeated0 |= present0 & bit;
            present0 |= bit;
        } else {
            repeated1 |= present1 & bit;
            present1 |= bit;
        }
        return true;
    }

    public int id(int i) {
        return entries[i * STRIDE + 3] & ID;
    }

    public int nameOffset(int i) {
        return entries[i * STRIDE];
    }

    public int nameLength(int i) {
        return entries[i * STRIDE + 3] >>> 16;
    }

    public int valueOffset(int i) {
        return entries[i * STRIDE + 1];
    }

    public int valueLength(int i) {
        return entries[i * STRIDE + 2];
    }

    /** Whether a field of this known id is there. */
    public boolean has(int id) {
        return ((id < 64 ? present0 : present1) >>> id & 1) != 0;
    }

    /** Whether there are two fields of this id or more. */
    public boolean isRepeated(int id) {
        return ((id < 64 ? repeated0 : repeated1) >>> id & 1) != 0;
    }

    /** Index of the first field of this id, dropped or not; -1 if there is none. */
    public int find(int id) {
        return has(id) ? first[id] : -1;
    }

    /** Index of the next field of this id behind index {@code after}; -1 if there is none. */
    public int findNext(int id, int after) {
        if (after >= 0 && !isRepeated(id)) {
            return -1;
        }
        for (int i = after + 1; i < count; i++) {
            if ((entries[i * STRIDE + 3] & ID) == id) {
                return i;
            }
        }
        return -1;
    }

    /** Index of the first field of this name; for names without an id. */
    public int find(byte[] lowerCaseName) {
        for (int i = 0; i < count; i++) {
            if (nameEqualsIgnoreCase(i, lowerCaseName)) {
                return i;
            }
        }
        return -1;
    }

    public boolean nameEqualsIgnoreCase(int i, byte[] lower) {
        return nameLength(i) == lower.length
                && AsciiBytes.equalsIgnoreCase(buffer, nameOffset(i), lower.length, lower);
    }

    public boolean valueEqualsIgnoreCase(int i, byte[] lower) {
        return AsciiBytes.equalsIgnoreCase(buffer, valueOffset(i), valueLength(i), lower);
    }

    /** Whether the comma-separated list of field {@code i} holds this token (RFC 9110 §5.6.1). */
    public boolean valueHasToken(int i, byte[] lowerToken) {
        return AsciiBytes.listHas(
                buffer, valueOffset(i), valueOffset(i) + valueLength(i), lowerToken);
    }

    /** The field does not travel to the next hop; it stays readable here. */
    public void drop(int i) {
        assert i >= 0 && i < count : i;
        entries[i * STRIDE + 3] |= DROPPED;
    }

    public boolean dropped(int i) {
        return (entries[i * STRIDE + 3] & DROPPED) != 0;
    }
}
