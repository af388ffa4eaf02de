package dev.sluice.common.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/**
 * The files an {@code include} names. A plain name is one file, whether it exists or not; with
 * {@code *}, {@code ?} or {@code [...]} it is every match, sorted by name, so that the order does
 * not depend on the file system. A leading dot is matched by a dot only, as in a shell.
 */
final class IncludePattern {

    private IncludePattern() {
    }

    static List<Path> expand(Path directory, String pattern) throws IOException {
        Path whole = directory.resolve(pattern).normalize();
        if (!hasWildcard(pattern)) {
            return List.of(whole);
        }
        List<Path> found = new ArrayList<>();
        found.add(whole.getRoot() == null ? Path.of("") : whole.getRoot());
        for (Path segment : whole) {
            found = step(found, segment.toString());
        }
        return found;
    }

    private static List<Path> step(List<Path> parents, String segment) throws IOException {
        List<Path> next = new ArrayList<>();
        for (Path parent : parents) {
            if (!hasWildcard(segment)) {
                Path child = parent.resolve(segment);
                if (Files.exists(child)) {
                    next.add(child);
                }
            } else if (Files.isDirectory(parent)) {
                next.addAll(matches(parent, segment));
            }
        }
        return next;
    }

    private static List<Path> matches(Path parent, String segment) throws IOException {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + segment);
        List<Path> matches = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            for (Path entry : entries) {
                Path name = entry.getFileName();
                boolean hidden = name.toString().startsWith(".") && !segment.startsWith(".");
                if (!hidden && matcher.matches(name)) {
                    matches.add(entry);
                }
            }
        }
        matches.sort((a, b) -> a.toString().compareTo(b.toString()));
        return matches;
    }

    private static boolean hasWildcard(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
    }
}
