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

    private final Map<ConfigKey<?>, Boolean> keys = new IdentityHashMap<>();
    /** By the section that decides, and by each that those that asked stand in. */
    private final Map<Scope, T> bySection = new IdentityHashMap<>();

    /** @param keys all that decide about the value */
    Inherited(List<ConfigKey<?>> keys) {
        keys.forEach(key -> this.keys.put(key, true));
    }

    /** Null where it has to be made, for {@link #keep}. */
    T of(Scope scope) {
        if (scope.parent() == null || scope.gives(keys)) {
            return null;
        }
        T known = bySection.get(scope.parent());
        if (known == null) {
            known = bySection.get(scope.holder(keys));
            if (known != null) {
                bySection.put(scope.parent(), known);
            }
        }
        return known;
    }

    /** @return the value itself */
    T keep(Scope scope, T value) {
        if (scope.parent() != null && !scope.gives(keys)) {
            bySection.put(scope.parent(), value);
            bySection.put(scope.holder(keys), value);
        }
        return value;
    }
}
