package dev.sluice.tidy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Java source as the tidy rules read it: as text, without a compiler. */
record SourceFile(Path path, List<String> lines) {

    /** A method and the lines from its head to its closing brace. */
    record Body(String name, int firstLine, int lineCount) {
    }

    private enum Block {
        TYPE,
        METHOD,
        OTHER
    }

    private record Open(Block kind, String name, int line) {
    }

    private static final Pattern TYPE =
            Pattern.compile("\\b(class|interface|enum|record)\\s+[A-Z]\\w*");
    private static final Pattern METHOD = Pattern.compile("(\\w+)\\s*\\(");

    static SourceFile read(Path path) {
        try {
            return new SourceFile(path, Files.readAllLines(path));
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** All sources of the modules; what was generated is not ours. */
    static List<SourceFile> all(Path root) throws IOException {
        var found = new ArrayList<SourceFile>();
        for (String module : List.of("common", "master", "worker", "modules", "packaging")) {
            try (Stream<Path> files = Files.walk(root.resolve(module))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.toString().contains("/target/")).sorted()
                        .map(SourceFile::read).forEach(found::add);
            }
        }
        return found;
    }

    boolean in(String part) {
        return path.toString().contains(part);
    }

    /** The lines with comments and the insides of strings blanked out, in the same places. */
    List<String> code() {
        var code = new ArrayList<String>();
        boolean comment = false;
        boolean textBlock = false;
        for (String line : lines) {
            var kept = new StringBuilder();
            int at = 0;
            while (at < line.length()) {
                if (comment) {
                    int end = line.indexOf("*/", at);
                    comment = end < 0;
                    at = comment ? line.length() : end + 2;
                } else if (textBlock) {
                    int end = line.indexOf("\"\"\"", at);
                    textBlock = end < 0;
                    at = textBlock ? line.length() : end + 3;
                } else if (line.startsWith("//", at)) {
                    at = line.length();
                } else if (line.startsWith("/*", at)) {
                    comment = true;
                    at += 2;
                } else if (line.startsWith("\"\"\"", at)) {
                    textBlock = true;
                    at += 3;
                } else if (line.charAt(at) == '"' || line.charAt(at) == '\'') {
                    at = endOfLiteral(line, at);
                    kept.append("\"\"");
                } else {
                    kept.append(line.charAt(at++));
                }
            }
            code.add(kept.toString());
        }
        return code;
    }

    private static int endOfLiteral(String line, int start) {
        char quote = line.charAt(start);
        for (int at = start + 1; at < line.length(); at++) {
            if (line.charAt(at) == '\\') {
                at++;
            } else if (line.charAt(at) == quote) {
                return at + 1;
            }
        }
        return line.length();
    }

    List<Body> methods() {
        var found = new ArrayList<Body>();
        var open = new ArrayDeque<Open>();
        var head = new StringBuilder();
        int headLine = 0;
        int lineNumber = 0;
        for (String line : code()) {
            lineNumber++;
            for (char c : line.toCharArray()) {
                switch (c) {
                    case '{' -> {
                        open.push(opened(head.toString(), open.peek(), headLine));
                        head.setLength(0);
                    }
                    case '}' -> {
                        Open closed = open.pop();
                        if (closed.kind == Block.METHOD) {
                            found.add(new Body(closed.name, closed.line,
                                    lineNumber - closed.line + 1));
                        }
                        head.setLength(0);
                    }
                    case ';' -> head.setLength(0);
                    default -> {
                        if (head.isEmpty() && !Character.isWhitespace(c)) {
                            headLine = lineNumber;
                        }
                        if (!head.isEmpty() || !Character.isWhitespace(c)) {
                            head.append(c);
                        }
                    }
                }
            }
            if (!head.isEmpty()) {
                head.append(' ');
            }
        }
        return found;
    }

    private static Open opened(String head, Open within, int line) {
        String bare = head.replaceAll("@\\w+(\\([^)]*\\))?", " ");
        var method = METHOD.matcher(bare);
        if (TYPE.matcher(bare).find()) {
            return new Open(Block.TYPE, "", line);
        }
        if (within != null && within.kind == Block.TYPE && !bare.contains("=") && method.find()) {
            return new Open(Block.METHOD, method.group(1), line);
        }
        return new Open(Block.OTHER, "", line);
    }
}
