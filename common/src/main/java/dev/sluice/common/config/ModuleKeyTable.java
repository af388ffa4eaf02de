package dev.sluice.common.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The key table of a module, {@code META-INF/sluice/keys.ini}:
 *
 * <pre>
 *   [api_key_header]
 *   type = text
 *   default = X-Api-Key
 *   sections = http server location
 *   doc = The field that carries the key.
 * </pre>
 *
 * Keys of locations are called as the module is, or begin with its name and an underscore; those of
 * {@code [module NAME]} are called as the author likes. Stateless; the loading thread.
 */
final class ModuleKeyTable {

    private static final List<String> TYPES =
            List.of("flag", "number", "size", "time", "text", "word", "path", "words");
    private static final Set<String> FIELDS = Set.of("type", "default", "sections", "doc", "min",
            "max", "words", "repeated", "secret");
    private static final List<String> SECTIONS = List.of("http", "server", "location", "module");
    private static final int NUMBER_MAX = 1_000_000_000;

    private ModuleKeyTable() {
    }

    static List<ConfigKey<?>> of(String module, List<IniSection> sections) throws BadValue {
        Map<String, ConfigKey<?>> keys = new LinkedHashMap<>();
        for (IniSection section : sections) {
            ConfigKey<?> key = key(module, section);
            if (keys.putIfAbsent(key.name(), key) != null) {
                throw new BadValue("[" + key.name() + "] is there twice");
            }
        }
        return List.copyOf(keys.values());
    }

    private static ConfigKey<?> key(String module, IniSection section) throws BadValue {
        String name = section.header();
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new BadValue("[" + name + "] is not a key of lower-case letters, digits and _");
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (IniEntry entry : section.entries()) {
            if (!FIELDS.contains(entry.key()) || entry.value() == null) {
                throw new BadValue("[" + name + "]: unknown line \"" + entry.key() + "\"");
            }
            fields.put(entry.key(), entry.value());
        }
        EnumSet<SectionKind> places = places(name, fields);
        boolean prefixed = name.equals(module) || name.startsWith(module + "_");
        if (!prefixed && !places.equals(EnumSet.of(SectionKind.MODULE))) {
            throw new BadValue("[" + name + "] is not called " + module + " or " + module + "_...");
        }
        if (!fields.containsKey("doc")) {
            throw new BadValue("[" + name + "] has no doc");
        }
        ConfigKey<?> key = new ConfigKey<>(name, places, shown(name, fields), fields.get("default"),
                "yes".equals(fields.get("repeated")), false, fields.get("doc"), List.of());
        checkDefault(key);
        return key;
    }

    private static EnumSet<SectionKind> places(String name, Map<String, String> fields)
            throws BadValue {
        EnumSet<SectionKind> places = EnumSet.noneOf(SectionKind.class);
        for (String word : Words.split(fields.getOrDefault("sections", ""))) {
            if (!SECTIONS.contains(word)) {
                throw new BadValue("[" + name + "]: sections has \"" + word
                        + "\", which is none of " + String.join(" ", SECTIONS));
            }
            places.add(SectionKind.of(word));
        }
        if (places.isEmpty()) {
            throw new BadValue("[" + name + "] has no sections");
        }
        return places;
    }

    private static ValueType<?> shown(String name, Map<String, String> fields) throws BadValue {
        ValueType<?> type = type(name, fields);
        if (!"yes".equals(fields.get("secret"))) {
            return type;
        }
        if (type != Scalars.TEXT) {
            throw new BadValue("[" + name + "]: only a text can be secret");
        }
        return SecretText.INSTANCE;
    }

    private static ValueType<?> type(String name, Map<String, String> fields) throws BadValue {
        String type = fields.getOrDefault("type", "");
        return switch (type) {
            case "flag" -> Scalars.FLAG;
            case "number" -> new Scalars.Count((int) bound(name, fields, "min", 0),
                    (int) bound(name, fields, "max", NUMBER_MAX));
            case "size" -> new Scalars.Size(bound(name, fields, "min", 0),
                    bound(name, fields, "max", Long.MAX_VALUE));
            case "time" -> new TimeType(new Scalars.Time(bound(name, fields, "min", 0),
                    bound(name, fields, "max", Long.MAX_VALUE)));
            case "text" -> Scalars.TEXT;
            case "word" -> new Scalars.Keyword(Words.split(fields.getOrDefault("words", "")),
                    List.of());
            case "path" -> Scalars.PATH;
            case "words" -> Scalars.WORDS;
            default -> throw new BadValue("[" + name + "]: type \"" + type + "\" is none of "
                    + String.join(" ", TYPES));
        };
    }

    /** A bound as the type writes its values: a number, a size, a time. */
    private static long bound(String name, Map<String, String> fields, String which, long absent)
            throws BadValue {
        String text = fields.get(which);
        if (text == null) {
            return absent;
        }
        long value = fields.get("type").equals("time") ? Millis.parse(text)
                : fields.get("type").equals("size") ? Bytes.parse(text)
                : Scalars.number(text, 0, NUMBER_MAX);
        if (value < 0) {
            throw new BadValue("[" + name + "]: " + which + " \"" + text + "\" cannot be read");
        }
        return value;
    }

    private static void checkDefault(ConfigKey<?> key) throws BadValue {
        if (key.defaultText() == null) {
            return;
        }
        try {
            key.type().parse(new Value(key.defaultText(), SourceLine.NONE, Path.of("/")));
        } catch (BadValue e) {
            throw new BadValue("[" + key.name() + "]: its default: " + e.getMessage());
        }
    }

    /** A text that is shown to nobody. */
    private static final class SecretText implements ValueType<String> {
        private static final SecretText INSTANCE = new SecretText();

        @Override
        public String form() {
            return Scalars.TEXT.form();
        }

        @Override
        public String name() {
            return "a secret";
        }

        @Override
        public String parse(Value value) throws BadValue {
            return Scalars.TEXT.parse(value);
        }
    }

    static boolean isSecret(ConfigKey<?> key) {
        return key.type() == SecretText.INSTANCE;
    }

    /** A time as what modules know it by. */
    private record TimeType(Scalars.Time time) implements ValueType<Duration> {

        @Override
        public String name() {
            return time.name();
        }

        @Override
        public String form() {
            return time.form();
        }

        @Override
        public Duration parse(Value value) throws BadValue {
            return Duration.ofMillis(time.parse(value));
        }
    }
}
