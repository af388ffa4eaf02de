package dev.sluice.master.convert;

import java.util.ArrayList;
import java.util.List;

/**
 * The configuration that comes out: sections with lines, each of which knows the directive that it
 * was made of. Owner: the calling thread.
 */
final class IniText {

    /** A line of a section; its text may become a comment later. */
    static final class Line {
        String text;
        final NginxDirective of;

        private Line(String text, NginxDirective of) {
            this.text = text;
            this.of = of;
        }

        boolean isKey() {
            return !text.startsWith("#") && !text.startsWith(";");
        }

        String key() {
            int equals = text.indexOf('=');
            return equals < 0 ? text : text.substring(0, equals).strip();
        }

        String value() {
            return text.substring(text.indexOf('=') + 1).strip();
        }
    }

    /** One section with its lines in order. */
    static final class Section {
        final String header;
        final NginxDirective of;
        final List<String> comments = new ArrayList<>();
        final List<Line> lines = new ArrayList<>();
        boolean off;

        Section(String header, NginxDirective of) {
            this.header = header;
            this.of = of;
        }

        /** Adds a key with words, quoted where that is needed, behind the comments. */
        void add(NginxDirective of, String key, List<String> words) {
            comment(of);
            StringBuilder text = new StringBuilder(key).append(" =");
            for (String word : words) {
                assert word != null;
                text.append(' ').append(quoted(word));
            }
            lines.add(new Line(text.toString(), of));
        }

        void add(NginxDirective of, String key, String... words) {
            add(of, key, List.of(words));
        }

        /** Adds a value that is a whole text and not words. */
        void addText(NginxDirective of, String key, String text) {
            comment(of);
            lines.add(new Line(key + " = " + text, of));
        }

        void comment(NginxDirective one) {
            if (lines.isEmpty() || lines.getLast().of != one) {
                one.comments().forEach(c -> lines.add(new Line("#" + c, one)));
            }
        }

        void note(NginxDirective one, String text) {
            comment(one);
            lines.add(new Line("; " + text, one));
        }

        boolean has(String key) {
            return lines.stream().anyMatch(line -> line.isKey() && line.key().equals(key));
        }
    }

    private final List<Section> sections = new ArrayList<>();
    /** By the number of the line in the text. */
    private final List<Object> places = new ArrayList<>();

    Section section(String header, NginxDirective of) {
        Section section = new Section(header, of);
        sections.add(section);
        return section;
    }

    List<Section> sections() {
        return sections;
    }

    /** A quote of the other kind where one is inside; what has both cannot be said. */
    static String quoted(String word) {
        boolean needed = word.isEmpty() || word.startsWith("'")
                || word.chars().anyMatch(c -> c == ' ' || c == '\t' || c == '"' || c == ';'
                        || c == '#');
        if (!needed) {
            return word;
        }
        char quote = word.indexOf('"') < 0 ? '"' : '\'';
        return quote + word + quote;
    }

    /** The text; {@link #placeOf} tells of it from then on. */
    String render() {
        StringBuilder text = new StringBuilder();
        places.clear();
        for (Section section : sections) {
            if (section.lines.isEmpty() && section.of == null) {
                continue;
            }
            if (!text.isEmpty()) {
                put(text, "", null);
            }
            section.comments.forEach(comment -> put(text, "#" + comment, null));
            put(text, (section.off ? "; " : "") + section.header, section);
            for (Line line : section.lines) {
                put(text, section.off && line.isKey() ? "; " + line.text : line.text, line);
            }
        }
        return text.toString();
    }

    private void put(StringBuilder text, String line, Object place) {
        // The same address as a text; and a value is one line.
        text.append(line.replace("$binary_remote_addr", "$remote_addr")
                .replaceAll("[\r\n]+(?=\"?$)", "").replaceAll("[\r\n]+", " ")).append('\n');
        places.add(place);
    }

    /** The {@link Line} or {@link Section} at a number from 1; null for none. */
    Object placeOf(int number) {
        return number < 1 || number > places.size() ? null : places.get(number - 1);
    }

    /** The section that a line stands in. */
    Section sectionOf(Line line) {
        for (Section section : sections) {
            if (section.lines.contains(line)) {
                return section;
            }
        }
        throw new IllegalArgumentException("a line of nowhere");
    }
}
