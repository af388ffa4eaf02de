package dev.sluice.common.config;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the shipped {@code conf} directory from wherever the tests are started. */
final class ConfDirectory {

    private ConfDirectory() {
    }

    static Path path() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("conf/html"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("no conf directory above the working directory");
            }
        }
        return directory.resolve("conf");
    }
}
