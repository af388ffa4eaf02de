package dev.sluice.master.convert;

import dev.sluice.common.config.SourceLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the language of nginx: words, quotes, blocks, comments, and includes where they stand,
 * relative to the folder of the main file. Blocks of other languages ({@code ..._by_lua_block}) are
 * read over.
 *
 * <p>Owner: the calling thread.
 */
final class NginxReader {

    private static final int DEPTH_MAX = 32;

    /** What is no configuration, with its place. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    private final Path folder;
    private final List<String> missing;
    private final int depth;
    private final Path file;
    private final String text;
    private int at;
    private int line = 1;
    /** Comments that belong to the next directive. */
    private List<String> comments = new ArrayList<>();

    private NginxReader(Path folder, Path file, List<String> missing, int depth)
            throws IOException {
        this.folder = folder;
        this.file = file;
        this.missing = missing;
        this.depth = depth;
        this.text = Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    /**
     * @param missing gets a line for each include that leads nowhere
     * @throws Unreadable with file and line
     */
    static List<NginxDirective> read(Path file, List<String> missing)
            throws IOException, Unreadable {
        Path folder = file.toAbsolutePath().getParent();
        return new NginxReader(folder, file, missing, 0).directives(false);
    }

    private List<NginxDirective> directives(boolean inBlock) throws IOException, Unreadable {
        List<NginxDirective> all = new ArrayList<>();
        while (true) {
            skipSpace();
            if (at >= text.length()) {
                if (inBlock) {
                    throw wrong("a block is not closed");
                }
                break;
            }
            if (text.charAt(at) == '}') {
                if (!inBlock) {
                    throw wrong("\"}\" closes nothing");
                }
                at++;
                break;
            }
            directive(all);
        }
        if (!comments.isEmpty()) {
            all.add(new NginxDirective("", List.of(), null, comments, place(line)));
            comments = new ArrayList<>();
        }
        return all;
    }

    private void directive(List<NginxDirective> to) throws IOException, Unreadable {
        int from = line;
        List<String> words = new ArrayList<>();
        while (at < text.length() && text.charAt(at) != ';' && text.charAt(at) != '{'
                && text.charAt(at) != '}') {
            words.add(word());
            skipSpace();
        }
        if (words.isEmpty() || at >= text.length() || text.charAt(at) == '}') {
            throw wrong("a directive does not end");
        }
        List<String> before = comments;
        comments = new ArrayList<>();
        List<NginxDirective> block = null;
        if (text.charAt(at++) == '{') {
            if (words.getFirst().endsWith("_by_lua_block")) {
                skipForeign();
                block = List.of();
            } else {
                block = directives(true);
            }
        } else {
            trailingComment(before);
        }
        NginxDirective one = new NginxDirective(words.getFirst(), words.subList(1, words.size()),
                block, before, place(from));
        if (one.is("include") && block == null) {
            include(one, to);
        } else {
            to.add(one);
        }
    }

    private void include(NginxDirective one, List<NginxDirective> to)
            throws IOException, Unreadable {
        if (depth > DEPTH_MAX) {
            throw wrong("includes include each other");
        }
        Path pattern = folder.resolve(one.arg(0));
        List<Path> files = new ArrayList<>();
        boolean glob = one.arg(0).matches(".*[*?\\[].*");
        if (!glob) {
            files.add(pattern);
        } else if (Files.isDirectory(pattern.getParent())) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(pattern.getParent(),
                    pattern.getFileName().toString())) {
                found.forEach(files::add);
            }
        }
        files.sort(null);
        if (!one.comments().isEmpty()) {
            to.add(new NginxDirective("", List.of(), null, one.comments(), one.at()));
        }
        for (Path each : files) {
            if (Files.isReadable(each)) {
                to.addAll(new NginxReader(folder, each, missing, depth + 1).directives(false));
            } else {
                missing.add(one.at() + ": include " + one.arg(0) + ": cannot be read");
            }
        }
    }

    private void skipSpace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                comments.add(comment());
            } else if (Character.isWhitespace(c)) {
                line += c == '\n' ? 1 : 0;
                at++;
            } else {
                return;
            }
        }
    }

    /** The rest of the line, which begins with the sign. */
    private String comment() {
        int end = text.indexOf('\n', at);
        end = end < 0 ? text.length() : end;
        String all = text.substring(at + 1, end).stripTrailing();
        at = end;
        return all;
    }

    private void trailingComment(List<String> to) {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '#') {
            to.add(comment());
        }
    }

    private String word() throws Unreadable {
        char quote = text.charAt(at);
        if (quote != '"' && quote != '\'') {
            return plainWord();
        }
        at++;
        StringBuilder word = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            put(word);
        }
        if (at >= text.length()) {
            throw wrong("a quote is not closed");
        }
        at++;
        return word.toString();
    }

    private String plainWord() {
        StringBuilder word = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean variable = c == '{' && word.length() > 0
                    && word.charAt(word.length() - 1) == '$';
            if (variable) {
                while (at < text.length() && text.charAt(at) != '}') {
                    put(word);
                }
            } else if (Character.isWhitespace(c) || c == ';' || c == '{') {
                break;
            }
            if (at < text.length()) {
                put(word);
            }
        }
        return word.toString();
    }

    /** One character; nginx takes the backslash off quotes and itself, and keeps it elsewhere. */
    private void put(StringBuilder word) {
        char c = text.charAt(at++);
        line += c == '\n' ? 1 : 0;
        if (c != '\\' || at >= text.length()) {
            word.append(c);
            return;
        }
        char next = text.charAt(at);
        switch (next) {
            case '"', '\'', '\\' -> word.append(next);
            case 't' -> word.append('\t');
            case 'n' -> word.append('\n');
            case 'r' -> word.append('\r');
            default -> word.append(c).append(next);
        }
        at++;
    }

    private void skipForeign() throws Unreadable {
        int open = 1;
        while (open > 0) {
            if (at >= text.length()) {
                throw wrong("a block is not closed");
            }
            char c = text.charAt(at++);
            line += c == '\n' ? 1 : 0;
            open += c == '{' ? 1 : c == '}' ? -1 : 0;
        }
    }

    private SourceLine place(int number) {
        return new SourceLine(file.toString(), number);
    }

    private Unreadable wrong(String what) {
        return new Unreadable(place(line) + ": " + what);
    }
}
