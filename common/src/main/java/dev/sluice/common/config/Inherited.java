package dev.sluice.common.config;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What sections that give none of some keys take over whole from a section around them: it is made
 * for the first of them, and the others share it. Of ten thousand locations most say only where
 * they lead. Owner: the loading thread.
 */
final class Inherited<T> {

    private final ConfigKey<?>[] keys;
    private final Map<Scope, T> byHolder = new IdentityHashMap<>();

    /** @param keys all that decide about the value */
    Inherited(List<ConfigKey<?>> keys) {
        this.keys = keys.toArray(new ConfigKey<?>[0]);
    }

    /** Null where it has to be made, for {@link #keep}. */
    T of(Scope scope) {
        Scope holder = scope.holder(keys);
        return holder == scope ? null : byHolder.get(holder);
    }

    /** @return the value itself */
    T keep(Scope scope, T value) {
        Scope holder = scope.holder(keys);
        if (holder != scope) {
            byHolder.put(holder, value);
        }
        return value;
    }
}
