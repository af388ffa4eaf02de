package dev.sluice.worker.proxy;

import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A set of header names: known ones by id, others by their letters. Written at boot. */
final class NameSet {

    private final boolean[] byId = new boolean[HeaderName.COUNT];
    private final List<byte[]> collected = new ArrayList<>();
    private byte[][] byLetters = {};

    void add(int id) {
        byId[id] = true;
    }

    void add(String name) {
        int id = HeaderName.idOf(name);
        if (id != HeaderName.UNKNOWN) {
            byId[id] = true;
        } else {
            collected.add(name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1));
            byLetters = collected.toArray(new byte[0][]);
        }
    }

    boolean has(int id) {
        return byId[id];
    }

    /** Whether the set has the name of field {@code i}. */
    boolean has(HeaderTable headers, int i) {
        int id = headers.id(i);
        if (id != HeaderName.UNKNOWN) {
            return byId[id];
        }
        for (byte[] name : byLetters) {
            if (headers.nameEqualsIgnoreCase(i, name)) {
                return true;
            }
        }
        return false;
    }
}
