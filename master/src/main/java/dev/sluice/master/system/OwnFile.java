package dev.sluice.master.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/** A file of the run directory that the master alone reads and writes. Owner: master loop. */
final class OwnFile {

    private static final String OWNER_ONLY = "rw-------";

    private final Path path;

    OwnFile(Path path) {
        this.path = path;
    }

    /** Null when there is none, or one that others may have read or written. */
    byte[] read() throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                || !Files.getPosixFilePermissions(path).equals(
                        PosixFilePermissions.fromString(OWNER_ONLY))
                || !Files.getOwner(path).equals(Files.getOwner(path.getParent()))) {
            return null;
        }
        return Files.readAllBytes(path);
    }

    /** All of it, or nothing when the machine stops meanwhile. */
    void write(byte[] content) throws IOException {
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && Arrays.equals(content, Files.readAllBytes(path))) {
            return;
        }
        Path unfinished = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString(OWNER_ONLY)));
        Files.write(unfinished, content, StandardOpenOption.WRITE);
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
