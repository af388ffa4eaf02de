package dev.sluice.worker.cache;

import dev.sluice.worker.cache.rules.HeadMerge;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The fields of a stored answer as a 304 has changed them, for the rules: those of the 304, then
 * the stored ones that it leaves. Made for each 304.
 */
final class MergedFields {

    private final Stored old;

    MergedFields(Stored old) {
        this.old = old;
    }

    HeaderTable with(HeaderTable confirmed) {
        int count = old.lineCount() + confirmed.count();
        int bytes = 8;
        for (int i = 0; i < old.lineCount(); i++) {
            bytes += old.nameLength(i) + old.valueLength(i);
        }
        for (int i = 0; i < confirmed.count(); i++) {
            bytes += confirmed.nameLength(i) + confirmed.valueLength(i);
        }
        ByteBuffer b = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        HeaderTable merged = new HeaderTable(count + 1);
        merged.reset(b);
        int at = 0;
        for (int i = 0; i < confirmed.count(); i++) {
            if (!HeadMerge.keepsStored(confirmed.id(i), confirmed.buffer(),
                    confirmed.nameOffset(i), confirmed.nameLength(i))) {
                at = add(merged, at, confirmed.buffer(), confirmed.nameOffset(i),
                        confirmed.nameLength(i), confirmed.valueOffset(i),
                        confirmed.valueLength(i), confirmed.id(i));
            }
        }
        ByteBuffer lines = old.slab.bytes;
        for (int i = 0; i < old.lineCount(); i++) {
            if (!HeadMerge.replaces(confirmed, lines, old.nameAt(i), old.nameLength(i))) {
                at = add(merged, at, lines, old.nameAt(i), old.nameLength(i), old.valueAt(i),
                        old.valueLength(i), old.lineId(i));
            }
        }
        return merged;
    }

    private static int add(HeaderTable merged, int at, ByteBuffer from, int name, int nameLength,
            int value, int valueLength, int id) {
        ByteBuffer b = merged.buffer();
        b.put(at, from, name, nameLength);
        b.put(at + nameLength, from, value, valueLength);
        merged.add(at, nameLength, at + nameLength, valueLength, id);
        return at + nameLength + valueLength;
    }
}
