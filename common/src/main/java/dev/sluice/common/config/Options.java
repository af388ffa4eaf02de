package dev.sluice.common.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The words after the first of a value: {@code name=value} pairs and lone names. Each may stand
 * once, and only those announced. Written at boot, then read-only.
 */
final class Options {

    private final Map<String, String> valueByName = new LinkedHashMap<>();

    private Options() {
    }

    /** Names end in {@code =} when they take a value; {@code notSupported} are names without it. */
    static Options of(List<String> words, List<String> known, List<String> notSupported)
            throws BadValue {
        Options options = new Options();
        for (String word : words) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals + 1);
            String bare = equals < 0 ? word : word.substring(0, equals);
            if (notSupported.contains(bare)) {
                throw BadValue.notSupported(bare);
            }
            if (!known.contains(name)) {
                throw unknown(word, name, bare, known);
            }
            String before = options.valueByName.put(name, word.substring(equals + 1));
            if (before != null) {
                throw new BadValue("\"" + bare + "\" is given twice");
            }
        }
        return options;
    }

    private static BadValue unknown(
            String word, String name, String bare, List<String> known) {
        String other = name.endsWith("=") ? bare : bare + "=";
        if (known.contains(other)) {
            return new BadValue("\"" + bare + "\" " + (other.equals(bare)
                    ? "takes no value, found \"" + word + "\"" : "has no value"));
        }
        return new BadValue("unknown parameter \"" + word + "\"",
                Scalars.unknownWord(name, known).help());
    }

    boolean has(String name) {
        return valueByName.containsKey(name);
    }

    /** What is written behind the equals sign; null when the name is absent. */
    String text(String name) {
        return valueByName.get(name);
    }

    boolean isOff(String name) {
        return "off".equals(valueByName.get(name));
    }

    boolean flag(String name, boolean absent) throws BadValue {
        String written = valueByName.get(name);
        return written == null ? absent
                : Scalars.FLAG.parse(new Value(written, SourceLine.NONE, null));
    }

    int number(String name, int min, int max, int absent) throws BadValue {
        String written = valueByName.get(name);
        return written == null ? absent : Scalars.number(written, min, max);
    }

    /** A number with a percent sign. */
    int percent(String name, int min, int max, int absent) throws BadValue {
        String written = valueByName.get(name);
        if (written == null) {
            return absent;
        }
        if (!written.endsWith("%")) {
            throw new BadValue("\"" + written + "\" is not a share", "write " + name + "20%");
        }
        return Scalars.number(written.substring(0, written.length() - 1), min, max);
    }

    long millis(String name, long min, long max, long absent) throws BadValue {
        String written = valueByName.get(name);
        return written == null ? absent
                : new Scalars.Time(min, max).parse(new Value(written, SourceLine.NONE, null));
    }

    long bytes(String name, long min, long max, long absent) throws BadValue {
        String written = valueByName.get(name);
        return written == null ? absent
                : new Scalars.Size(min, max).parse(new Value(written, SourceLine.NONE, null));
    }
}
