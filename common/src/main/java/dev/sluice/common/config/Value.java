package dev.sluice.common.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * The text of a value and what is needed to understand it: relative paths start at the directory.
 * Written at boot, then read-only.
 */
record Value(String text, SourceLine at, Path directory) {

    List<String> words() throws BadValue {
        return Words.split(text);
    }

    /** The one word of a value that takes no more. */
    String word() throws BadValue {
        List<String> words = words();
        if (words.size() != 1) {
            throw new BadValue("takes one word, found " + words.size());
        }
        return words.getFirst();
    }

    /** The absolute form of a path in this value. */
    String path(String written) throws BadValue {
        if (written.isEmpty()) {
            throw new BadValue("the path is empty");
        }
        if (written.indexOf('$') >= 0) {
            throw new BadValue("a path takes no variables: \"" + written + "\"");
        }
        try {
            return directory.resolve(written).toAbsolutePath().normalize().toString();
        } catch (InvalidPathException e) {
            throw new BadValue("\"" + written + "\" is not a path: " + e.getReason());
        }
    }

    /** A unix socket path; the kernel's address structure holds 107 bytes and a NUL. */
    String socketPath(String written) throws BadValue {
        String path = path(written);
        if (path.getBytes(StandardCharsets.UTF_8).length > 107) {
            throw new BadValue("\"" + path + "\" is too long for a unix socket: 107 bytes at most");
        }
        return path;
    }
}
