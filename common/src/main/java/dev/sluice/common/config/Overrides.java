package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The {@code -g} options of the command line: {@code key=value} or {@code section.key=value} for
 * the sections without a name. They take the place of what the files say.
 */
final class Overrides {

    private static final SourceLine AT = new SourceLine("-g", 0);
    private static final List<SectionKind> SECTIONS = List.of(SectionKind.MAIN,
            SectionKind.EVENTS, SectionKind.HTTP);

    private Overrides() {
    }

    static void apply(List<String> overrides, List<IniSection> sections, Problems problems) {
        if (!overrides.isEmpty()) {
            problems.opened(AT.file());
        }
        List<IniSection> added = new ArrayList<>();
        for (String override : overrides) {
            IniSection section = parse(override, problems);
            if (section != null) {
                added.add(section);
            }
        }
        for (IniSection override : added) {
            String key = override.entries().getFirst().key();
            for (IniSection section : sections) {
                if (section.header().equals(override.header())) {
                    section.entries().removeIf(entry -> entry.key().equals(key));
                }
            }
        }
        sections.addAll(added);
    }

    private static IniSection parse(String override, Problems problems) {
        int equals = override.indexOf('=');
        if (equals < 0 || override.chars().anyMatch(c -> c < ' ' || c == 127)
                || Words.commentStart(override) < 0) {
            problems.error(AT, "\"" + override + "\" is not key=value", null);
            return null;
        }
        String path = override.substring(0, equals).strip();
        String key = path.substring(path.indexOf('.') + 1);
        for (SectionKind section : SECTIONS) {
            boolean meant = path.equals(section.word() + "." + key)
                    || path.equals(key) && ConfigKeys.find(section, key) != null;
            if (meant) {
                IniSection added = new IniSection(section.word(), AT);
                added.entries().add(new IniEntry(key, override.substring(equals + 1).strip(), AT));
                return added;
            }
        }
        List<String> known = SECTIONS.stream().flatMap(s -> ConfigKeys.of(s).stream())
                .map(ConfigKey::name).toList();
        String help = Spelling.didYouMean(key, known);
        problems.error(AT, "\"" + path + "\" is no key of [main], [events] or [http]", help);
        return null;
    }
}
