package dev.sluice.worker.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A set of field names: known ones by id, others by their letters. Written at boot. */
public final class NameSet {

    private final boolean[] byId = new boolean[HeaderName.COUNT];
    private final List<byte[]> collected = new ArrayList<>();
    private byte[][] byLetters = {};

    public void add(int id) {
        byId[id] = true;
    }

    public void add(String name) {
        int id = HeaderName.idOf(name);
        if (id != HeaderName.UNKNOWN) {
            byId[id] = true;
        } else {
            collected.add(name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1));
            byLetters = collected.toArray(new byte[0][]);
        }
    }

    public boolean has(int id) {
        return byId[id];
    }

    /** Whether the set has the name of field {@code i}. */
    public boolean has(HeaderTable headers, int i) {
        int id = headers.id(i);
        return id != HeaderName.UNKNOWN ? byId[id] : byLetters.length > 0
                && hasLetters(headers.buffer(), headers.nameOffset(i), headers.nameLength(i));
    }

    /** Whether the set has the name in this range. */
    public boolean has(ByteBuffer b, int offset, int length) {
        int id = HeaderName.idOf(b, offset, length);
        return id != HeaderName.UNKNOWN ? byId[id] : hasLetters(b, offset, length);
    }

    private boolean hasLetters(ByteBuffer b, int offset, int length) {
        for (byte[] name : byLetters) {
            if (name.length == length && AsciiBytes.equalsIgnoreCase(b, offset, length, name)) {
                return true;
            }
        }
        return false;
    }
}
