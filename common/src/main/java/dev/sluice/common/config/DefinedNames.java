package dev.sluice.common.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variables that a configuration itself brings: those of {@code [map]}, {@code [split]} and
 * {@code [geo]}, groups with a name in the expressions of server names, locations, rewrite rules
 * and maps, and what auth_request_set assigns. They are collected before any value is checked,
 * because a template may name a variable that a later section defines. Owner: the loading thread.
 */
final class DefinedNames {

    private static final Pattern NAMED_GROUP = Pattern.compile("\\(\\?P?<([A-Za-z_]\\w*)>");

    private static final String[] NO_WORDS = {};
    private static final List<String> DEFINING = List.of(SectionKind.MAP.word(),
            SectionKind.SPLIT.word(), SectionKind.GEO.word());

    private final Set<String> names = new HashSet<>();

    private DefinedNames() {
    }

    static Set<String> of(List<IniSection> sections) {
        DefinedNames all = new DefinedNames();
        sections.forEach(all::add);
        return Set.copyOf(all.names);
    }

    private void add(IniSection section) {
        if (section.header().startsWith(SectionKind.LOCATION.word())) {
            groups(section.header());
        }
        String header = section.header();
        for (String word : DEFINING) {
            String[] words = header.startsWith(word) ? header.trim().split("[ \t]+") : NO_WORDS;
            if (words.length == 2 && words[0].equals(word)) {
                names.add(words[1]);
            }
        }
        for (IniEntry entry : section.entries()) {
            boolean regex = entry.key().equals(HttpKeys.SERVER_NAME.name())
                    || entry.key().equals(HttpKeys.REWRITE.name())
                    || entry.key().equals(DerivedKeys.VALUE.name());
            if (regex && entry.value() != null) {
                groups(entry.value());
            }
            boolean assigns = entry.key().equals(AccessKeys.AUTH_REQUEST_SET.name());
            String assigned = assigns && entry.value() != null
                    ? AccessTypes.assignedName(entry.value()) : null;
            if (assigned != null) {
                names.add(assigned);
            }
        }
    }

    private void groups(String text) {
        if (text.indexOf('<') < 0) {
            return;
        }
        Matcher group = NAMED_GROUP.matcher(text);
        while (group.find()) {
            names.add(group.group(1));
        }
    }
}
