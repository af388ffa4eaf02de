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
import org.ini4j.Config;
import org.ini4j.spi.IniHandler;
import org.ini4j.spi.IniParser;

/**
 * Reads a file and what it includes into sections, each key with its file and line. An
 * {@code include} is replaced by the text it names: keys before the first section of an included
 * file belong to the section the include stands in, and that section goes on after it. Owner: the
 * loading thread.
 */
final class IniReader {

    /** Stands for "no section yet"; the parser insists on a name. No header can contain it. */
    private static final String NO_SECTION = "\u0000";

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
        try {
            IniParser.newInstance(parserConfig()).parse(lines, new Handler(lines, file));
        } catch (IOException e) {
            // IniLines removes every line this could be thrown for; better a report than silence.
            problems.error(new SourceLine(file.toString(), lines.line()), e.getMessage());
        }
    }

    private static Config parserConfig() {
        Config config = new Config();
        config.setEscape(false);
        config.setEscapeNewline(false);
        config.setInclude(false);
        config.setEmptyOption(true);
        config.setEmptySection(true);
        config.setGlobalSection(true);
        config.setGlobalSectionName(NO_SECTION);
        config.setLowerCaseOption(false);
        config.setLowerCaseSection(false);
        config.setStrictOperator(false);
        return config;
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

    /** Takes what the parser found on the line just handed over. Owner: the loading thread. */
    private final class Handler implements IniHandler {

        private final IniLines lines;
        private final Path file;

        Handler(IniLines lines, Path file) {
            this.lines = lines;
            this.file = file;
        }

        @Override
        public void startSection(String header) {
            if (!header.equals(NO_SECTION)) {
                current = new IniSection(header, here());
                sections.add(current);
            }
        }

        @Override
        public void handleOption(String key, String value) {
            if (key.equals("include")) {
                include(value, file, here());
            } else if (current == null) {
                problems.error(here(), "\"" + key + "\" stands before the first section",
                        "begin with a section, for instance [main]");
            } else {
                current.entries().add(new IniEntry(key, value, here()));
            }
        }

        @Override
        public void handleComment(String comment) {
            // IniLines has cut every comment.
        }

        @Override
        public void startIni() {
            // The first section or key says all.
        }

        @Override
        public void endSection() {
            // The next section, or the end, says it.
        }

        @Override
        public void endIni() {
            // The includer restores its section.
        }

        private SourceLine here() {
            return new SourceLine(file.toString(), lines.line());
        }
    }
}
