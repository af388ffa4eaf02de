package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects what is wrong with a configuration. Reports come in the order of the checks and leave in
 * the order of the text, so that an operator mends a file from top to bottom. Owner: the loading
 * thread.
 */
final class Problems {

    private final Set<ConfigError> errors = new LinkedHashSet<>();
    private final Set<ConfigError> warnings = new LinkedHashSet<>();
    private final List<String> filesInOrder = new ArrayList<>();

    /** Files are announced when they are opened: that is the order of reading. */
    void opened(String file) {
        if (!filesInOrder.contains(file)) {
            filesInOrder.add(file);
        }
    }

    void error(SourceLine at, String message) {
        error(at, message, null);
    }

    void error(SourceLine at, String message, String help) {
        errors.add(new ConfigError(at, message, help));
    }

    void warn(SourceLine at, String message, String help) {
        warnings.add(new ConfigError(at, message, help));
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }

    List<ConfigError> errors() {
        return inOrderOfText(errors);
    }

    List<ConfigError> warnings() {
        return inOrderOfText(warnings);
    }

    private List<ConfigError> inOrderOfText(Set<ConfigError> reported) {
        List<ConfigError> sorted = new ArrayList<>(reported);
        if (sorted.size() < 2) {
            // The usual case, at every start: linking the comparators takes 10 ms.
            return sorted;
        }
        sorted.sort(Comparator
                .comparingInt((ConfigError e) -> filesInOrder.indexOf(e.at().file()))
                .thenComparingInt(e -> e.at().line()));
        return sorted;
    }
}
