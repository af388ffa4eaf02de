package dev.sluice.talk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/** The folder of one server under test: its configuration, files, logs. */
record TestFolder(Path path) {

    static TestFolder create() throws IOException {
        Path path = Files.createTempDirectory("sluice-talk-").toRealPath();
        // A worker that has dropped its privileges must reach the files below.
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new TestFolder(path);
    }

    void write(String name, byte[] content) throws IOException {
        Path file = path.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** Empty when there is no such file. */
    String read(String name) {
        try {
            Path file = path.resolve(name);
            return Files.exists(file)
                    ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** What tells one file from the next of the same name; null when there is none. */
    Object key(String name) {
        try {
            return Files.readAttributes(path.resolve(name), BasicFileAttributes.class).fileKey();
        } catch (IOException absent) {
            return null;
        }
    }

    void delete() {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
