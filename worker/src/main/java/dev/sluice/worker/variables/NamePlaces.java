package dev.sluice.worker.variables;

import java.util.HashMap;
import java.util.Map;

/**
 * Names that an operator has made up, each with a number: groups of regular expressions,
 * {@code (?<name>...)}, and parameters of paths, {@code /{name}}. An exchange keeps values by these
 * numbers. Filled at boot, then read-only.
 */
public final class NamePlaces {

    static final int NONE = -1;

    private final Map<String, Integer> places = new HashMap<>();

    /** The place of this name, made if it is new. */
    public int declare(String name) {
        return places.computeIfAbsent(name, one -> places.size());
    }

    /** {@link #NONE} when nobody has declared the name. */
    int placeOf(String name) {
        return places.getOrDefault(name, NONE);
    }

    public int count() {
        return places.size();
    }
}
