package dev.sluice.worker.variables;

import java.util.HashMap;
import java.util.Map;

/**
 * The names of groups in regular expressions, {@code (?<name>...)}, each with its place in
 * {@code Exchange.named}. Filled at boot before the first template is compiled, then read-only.
 */
public final class CaptureNames {

    static final int NONE = -1;

    private final Map<String, Integer> slots = new HashMap<>();

    /** The place of this name, made if it is new. */
    public int declare(String name) {
        return slots.computeIfAbsent(name, one -> slots.size());
    }

    /** {@link #NONE} when no expression has such a group. */
    int slotOf(String name) {
        return slots.getOrDefault(name, NONE);
    }

    public int count() {
        return slots.size();
    }
}
