package dev.sluice.common.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Turns the entries of {@code [types]} into a map: each key is a type, not a declared key. */
final class TypesCheck {

    /** RFC 6838 section 4.2 names, with the parameters of RFC 9110 section 8.3.1. */
    private static final Pattern MEDIA_TYPE = Pattern.compile(
            "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
                    + "( *; *[A-Za-z0-9-]+=[A-Za-z0-9_.+:-]+)*");

    private final Problems problems;
    private final Map<String, String> typeByExtension = new LinkedHashMap<>();
    private final Map<String, SourceLine> firstAt = new LinkedHashMap<>();

    TypesCheck(Problems problems) {
        this.problems = problems;
    }

    static boolean isMediaType(String text) {
        return MEDIA_TYPE.matcher(text).matches();
    }

    MimeTypes check(List<IniEntry> entries) {
        if (entries.isEmpty()) {
            return MimeTypes.BUILT_IN;
        }
        for (IniEntry entry : entries) {
            if (!isMediaType(entry.key())) {
                problems.error(entry.at(), "\"" + entry.key() + "\" is not a media type",
                        "in [types] write TYPE/SUBTYPE = EXTENSION...");
            } else if (entry.value() == null || entry.value().isEmpty()) {
                problems.error(entry.at(), "\"" + entry.key() + "\" has no value",
                        "expected file name extensions without the dot");
            } else {
                extensions(entry);
            }
        }
        return new MimeTypes(typeByExtension);
    }

    private void extensions(IniEntry entry) {
        for (String word : entry.value().split("[ \t]+")) {
            String extension = word.toLowerCase(Locale.ROOT);
            if (!extension.matches("[a-z0-9_+~-]+(\\.[a-z0-9_+~-]+)*")) {
                problems.error(entry.at(), "\"" + word + "\" is not a file name extension",
                        "write it without the dot");
                continue;
            }
            String before = typeByExtension.put(extension, entry.key());
            SourceLine first = firstAt.putIfAbsent(extension, entry.at());
            if (before != null && !before.equals(entry.key())) {
                problems.warn(entry.at(), "the extension \"" + extension
                        + "\" has a type already, from " + first, "the last one counts");
            }
        }
    }
}
