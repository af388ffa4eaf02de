package dev.sluice.common.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Reads a file and what it includes into sections, each key with its file and line. An
 * {@code include} is replaced by the text it names: keys before the first section of an included
 * file belong to the section the include stands in, and that section goes on after it. Owner: the
 * loading thread.
 */
final class IniReader {

    private static final int FILE_BYTES_MAX = 16 << 20;

    private final Problems problems;
    private final List<IniSection> sections = new ArrayList<>();
    private final Deque<Path> opened = new ArrayDeque<>();
    private IniSection current;

    private IniReader(Problems problems) {
        this.problems = problems;
    }

    static List<IniSection> read(Path file, Problems problems) {
        IniReader reader = new IniReader(problems);
        reader.readFile(file, null);
        return reader.sections;
    }

    /** For a configuration that is not in a file; includes are relative to the directory. */
    static List<IniSection> readText(String text, Path file, Problems problems) {
        IniReader reader = new IniReader(problems);
        problems.opened(file.toString());
        reader.parse(text.getBytes(StandardCharsets.UTF_8), file);
        return reader.sections;
    }

    private void readFile(Path file, SourceLine includedAt) {
        SourceLine blame = includedAt == null ? new SourceLine(file.toString(), 0) : includedAt;
        if (includedAt == null) {
            problems.opened(file.toString());
        }
        String name = includedAt == null ? "" : "\"" + file + "\" ";
        try {
            Path real = file.toRealPath();
            if (opened.contains(real)) {
                problems.error(blame, name + "includes itself: " + chain(real));
                return;
            }
            if (Files.isDirectory(real)) {
                problems.error(blame, name + "cannot be read: it is a directory",
                        "name the files: " + file + "/*.ini");
                return;
            }
            byte[] content = content(real);
            if (content.length > FILE_BYTES_MAX) {
                problems.error(blame, name + "cannot be read: it is longer than 16m");
                return;
            }
            problems.opened(file.toString());
            opened.push(real);
            parse(content, file);
            opened.pop();
        } catch (NoSuchFileException e) {
            problems.error(blame, name + "cannot be read: no such file");
        } catch (IOException e) {
            problems.error(blame, name + "cannot be read: " + e.getClass().getSimpleName());
        }
    }

    /** Pipes and devices have no size to ask for, and some never end. */
    private static byte[] content(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(FILE_BYTES_MAX + 1);
        }
    }

    private void parse(byte[] content, Path file) {
        IniLines lines = new IniLines(content, file.toString(), problems);
        for (String text = lines.next(); text != null; text = lines.next()) {
            if (text.isEmpty()) {
                continue;
            }
            SourceLine at = new SourceLine(file.toString(), lines.line());
            if (text.charAt(0) == '[') {
                current = new IniSection(text.substring(1, text.length() - 1).strip(), at);
                sections.add(current);
                continue;
            }
            int equals = text.indexOf('=');
            String key = equals < 0 ? text : text.substring(0, equals).strip();
            option(key, equals < 0 ? null : text.substring(equals + 1).strip(), file, at);
        }
    }

    private void option(String key, String value, Path file, SourceLine at) {
        if (key.equals("include")) {
            include(value, file, at);
        } else if (current == null) {
            problems.error(at, "\"" + key + "\" stands before the first section",
                    "begin with a section, for instance [main]");
        } else {
            current.entries().add(new IniEntry(key, value, at));
        }
    }

    private void include(String pattern, Path from, SourceLine at) {
        if (pattern == null || pattern.isEmpty()) {
            problems.error(at, "\"include\" has no value",
                    "name a file or a pattern: conf.d/*.ini");
            return;
        }
        IniSection before = current;
        try {
            List<String> words = Words.split(pattern);
            for (String word : words) {
                for (Path file : IncludePattern.expand(directoryOf(from), word)) {
                    current = before;
                    readFile(file, at);
                }
            }
        } catch (BadValue e) {
            problems.error(at, "\"include\": " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            problems.error(at, "\"include\": \"" + pattern + "\" cannot be expanded: "
                    + e.getMessage());
        }
        current = before;
    }

    private String chain(Path last) {
        StringBuilder text = new StringBuilder();
        opened.descendingIterator().forEachRemaining(p -> text.append(p).append(" -> "));
        return text.append(last).toString();
    }

    private static Path directoryOf(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("") : parent;
    }
}
