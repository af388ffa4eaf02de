package dev.sluice.worker.http2;

import java.nio.ByteBuffer;

/**
 * Reads the header blocks of one connection (RFC 7541). A block that breaks the rules is the end
 * of the connection, since both sides do not have the same table any more.
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class HpackDecoder {

    private static final int BAD = -1;
    /** No length and no index is larger: it could not be right, and nothing overflows. */
    private static final int NUMBER_MAX = 1 << 24;

    private final DynamicTable table = new DynamicTable();
    private final ByteBuffer scratch;
    private ByteBuffer block;
    private int position;
    private int end;
    // The string that was read last.
    private ByteBuffer string;
    private int stringAt;
    private int stringLength;
    private boolean tooLong;
    // The name of the field at hand.
    private ByteBuffer name;
    private int nameAt;
    private int nameLength;

    public HpackDecoder(HpackScratch scratch) {
        this.scratch = scratch.bytes;
    }

    /** Another connection begins. */
    public void reset() {
        table.reset();
    }

    /** @return false when the block is malformed (COMPRESSION_ERROR) */
    public boolean decode(ByteBuffer b, int from, int to, FieldListener listener) {
        block = b;
        position = from;
        end = to;
        boolean first = true;
        while (position < end) {
            int c = b.get(position);
            boolean good;
            if ((c & 0x80) != 0) {
                good = indexed(listener);
                first = false;
            } else if ((c & 0xe0) == 0x20) {
                // Only where a block begins (RFC 7541 §4.2).
                good = first && resize();
            } else {
                good = literal(listener, (c & 0x40) != 0);
                first = false;
            }
            if (!good) {
                return false;
            }
        }
        return true;
    }

    private boolean resize() {
        int size = number(5);
        if (size < 0 || size > DynamicTable.BYTES) {
            return false;
        }
        table.resize(size);
        return true;
    }

    private boolean indexed(FieldListener listener) {
        int index = number(7);
        if (index <= 0) {
            return false;
        }
        if (index <= StaticTable.COUNT) {
            listener.field(StaticTable.BYTES, StaticTable.nameAt(index),
                    StaticTable.nameLength(index), StaticTable.BYTES, StaticTable.valueAt(index),
                    StaticTable.valueLength(index));
            return true;
        }
        int own = index - StaticTable.COUNT;
        if (own > table.count()) {
            return false;
        }
        listener.field(table.bytes(), table.nameAt(own), table.nameLength(own),
                table.bytes(), table.valueAt(own), table.valueLength(own));
        return true;
    }

    private boolean literal(FieldListener listener, boolean kept) {
        int index = number(kept ? 6 : 4);
        if (index < 0 || index > StaticTable.COUNT + table.count()) {
            return false;
        }
        tooLong = false;
        if (index == 0) {
            if (!string(0)) {
                return false;
            }
            name = string;
            nameAt = stringAt;
            nameLength = stringLength;
        } else {
            nameOf(index, kept);
        }
        if (!string(HpackScratch.STRING_BYTES_MAX)) {
            return false;
        }
        if (tooLong) {
            listener.fieldTooLong();
            if (kept) {
                table.addTooLarge();
            }
            return true;
        }
        listener.field(name, nameAt, nameLength, string, stringAt, stringLength);
        if (kept) {
            table.add(name, nameAt, nameLength, string, stringAt, stringLength);
        }
        return true;
    }

    private void nameOf(int index, boolean kept) {
        if (index <= StaticTable.COUNT) {
            name = StaticTable.BYTES;
            nameAt = StaticTable.nameAt(index);
            nameLength = StaticTable.nameLength(index);
            return;
        }
        int own = index - StaticTable.COUNT;
        name = table.bytes();
        nameAt = table.nameAt(own);
        nameLength = table.nameLength(own);
        if (kept) {
            // The entry that lends its name may have to go for the new one (RFC 7541 §4.4).
            scratch.put(0, name, nameAt, nameLength);
            name = scratch;
            nameAt = 0;
        }
    }

    /** @param at where in the scratch memory a decoded string may lie */
    private boolean string(int at) {
        if (position == end) {
            return false;
        }
        boolean coded = (block.get(position) & 0x80) != 0;
        int length = number(7);
        if (length < 0 || length > end - position) {
            return false;
        }
        int from = position;
        position += length;
        if (!coded) {
            string = block;
            stringAt = from;
            stringLength = length;
            return true;
        }
        int to = Huffman.decode(block, from, position, scratch, at,
                at + HpackScratch.STRING_BYTES_MAX);
        if (to == Huffman.BAD) {
            return false;
        }
        tooLong |= to == Huffman.TOO_LONG;
        string = scratch;
        stringAt = at;
        stringLength = to - at;
        return true;
    }

    /** An integer behind a prefix of so many bits (RFC 7541 §5.1); BAD if it is none. */
    private int number(int bits) {
        int most = (1 << bits) - 1;
        int value = block.get(position++) & most;
        if (value < most) {
            return value;
        }
        for (int shift = 0; position < end && shift <= 21; shift += 7) {
            int c = block.get(position++);
            value += (c & 0x7f) << shift;
            if (c >= 0) {
                return value <= NUMBER_MAX ? value : BAD;
            }
        }
        return BAD;
    }
}
