package dev.sluice.master.convert;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What could not be carried over, and what has to be known. Owner: the calling thread. */
final class Losses {

    private final Set<String> lost = new LinkedHashSet<>();
    private final Set<String> told = new LinkedHashSet<>();

    /** A directive that has no counterpart: the result is partial. */
    void lost(NginxDirective one, String why) {
        lost.add(one.at() + ": \"" + one.name() + "\" is not converted: " + why);
    }

    void lost(String line) {
        lost.add(line);
    }

    /** Something that is otherwise, but needs no hand. */
    void tell(NginxDirective one, String what) {
        told.add(one.at() + ": \"" + one.name() + "\": " + what);
    }

    List<String> lost() {
        return List.copyOf(lost);
    }

    List<String> told() {
        return List.copyOf(told);
    }
}
