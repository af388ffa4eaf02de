package dev.sluice.module.testkit;

import dev.sluice.module.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys of a module, out of its {@code META-INF/sluice/keys.ini}. It checks less than {@code
 * sluice -t} does. Immutable.
 */
final class KeyTable {

    private static final Map<String, Long> UNITS = Map.of("", 1L, "k", 1L << 10, "m", 1L << 20,
            "g", 1L << 30);
    private static final Map<String, Long> TIMES = Map.of("", 1L, "ms", 1L, "s", 1000L,
            "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private final Map<String, Map<String, String>> keys = new LinkedHashMap<>();

    private KeyTable() {
    }

    /** @param in null for a module without keys; closed by the caller */
    static KeyTable read(InputStream in) throws IOException {
        KeyTable table = new KeyTable();
        Map<String, String> key = null;
        String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        for (String line : text.lines().map(String::strip).toList()) {
            int equals = line.indexOf('=');
            if (line.startsWith("[")) {
                key = new LinkedHashMap<>();
                table.keys.put(line.substring(1, line.length() - 1), key);
            } else if (equals > 0 && key != null && !line.startsWith(";")) {
                key.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
            }
        }
        return table;
    }

    List<String> names() {
        return List.copyOf(keys.keySet());
    }

    /** A line of the key's section; empty without. */
    String field(String key, String field) {
        return keys.get(key).getOrDefault(field, "");
    }

    /** Values as they would stand in the configuration; a repeated key has several. */
    Settings settings(Map<String, List<String>> given) {
        given.keySet().forEach(this::declared);
        return new Typed(given);
    }

    private Map<String, String> declared(String key) {
        Map<String, String> declared = keys.get(key);
        if (declared == null) {
            throw new IllegalArgumentException("keys.ini has no \"" + key + "\"");
        }
        return declared;
    }

    private final class Typed implements Settings {

        private final Map<String, List<String>> given;

        Typed(Map<String, List<String>> given) {
            this.given = Map.copyOf(given);
        }

        private String value(String key, String... types) {
            Map<String, String> declared = declared(key);
            boolean repeated = "yes".equals(declared.get("repeated"));
            if (repeated || !Arrays.asList(types).contains(declared.get("type"))) {
                throw new IllegalArgumentException("\"" + key + "\" is "
                        + (repeated ? "a list" : declared.get("type")));
            }
            String value = given.containsKey(key) ? given.get(key).getLast()
                    : declared.get("default");
            if (value == null) {
                throw new IllegalArgumentException("\"" + key + "\" has no value here");
            }
            return value;
        }

        @Override
        public boolean has(String key) {
            declared(key);
            return given.containsKey(key);
        }

        @Override
        public boolean flag(String key) {
            return value(key, "flag").equals("on");
        }

        @Override
        public int number(String key) {
            return Integer.parseInt(value(key, "number"));
        }

        @Override
        public long size(String key) {
            return amount(value(key, "size"), UNITS);
        }

        @Override
        public Duration time(String key) {
            return Duration.ofMillis(amount(value(key, "time"), TIMES));
        }

        private static long amount(String text, Map<String, Long> units) {
            String unit = text.replaceAll("[0-9]", "").strip();
            return Long.parseLong(text.substring(0, text.length() - unit.length()).strip())
                    * units.get(unit);
        }

        @Override
        public String text(String key) {
            return value(key, "text", "word", "path");
        }

        @Override
        public List<String> list(String key) {
            Map<String, String> declared = declared(key);
            boolean repeated = "yes".equals(declared.get("repeated"));
            if (repeated) {
                return given.getOrDefault(key, List.of());
            }
            String value = value(key, "words");
            return new ArrayList<>(Arrays.asList(value.split(" +")));
        }
    }
}
