package dev.sluice.common.cache;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * Removes files that no index knows: of a process that was killed, or of an index that is gone.
 * It goes through the directories a few at a time, since there may be millions of files.
 *
 * <p>Owner: one thread that may take its time.
 */
public final class CacheOrphans {

    private static final int DIRECTORIES_AT_ONCE = 256;
    private static final int FILES_AT_ONCE = 4096;
    /** A file may be on its way into the index for so long, and be written for much longer. */
    private static final long YOUNG_MS = 60_000;

    private final CacheFolder folder;
    private int next = CacheFolder.DIRECTORIES;
    private int seen;

    public CacheOrphans(CacheFolder folder) {
        this.folder = folder;
    }

    /** From the first directory on. */
    public void begin() {
        next = 0;
    }

    /** Whether there are directories left. */
    public boolean isLooking() {
        return next < CacheFolder.DIRECTORIES;
    }

    /** Looks into the next directories. @return how many files were removed */
    public int look(long nowS) throws IOException {
        int removed = 0;
        int end = Math.min(CacheFolder.DIRECTORIES, next + DIRECTORIES_AT_ONCE);
        seen = 0;
        while (next < end && seen < FILES_AT_ONCE) {
            removed += removeIn(folder.directory(next++), nowS);
        }
        return removed;
    }

    private int removeIn(Path directory, long nowS) throws IOException {
        int removed = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                seen++;
                if (!folder.counts(file) && isOld(file, nowS) && Files.deleteIfExists(file)) {
                    removed++;
                }
            }
        } catch (NoSuchFileException | NotDirectoryException nothingThere) {
            return removed;
        }
        return removed;
    }

    private static boolean isOld(Path file, long nowS) throws IOException {
        try {
            return nowS * 1000 - Files.getLastModifiedTime(file).toMillis() > YOUNG_MS;
        } catch (NoSuchFileException removed) {
            return false;
        }
    }

    /** Removes files that a process had not finished when it ended. @return how many */
    public int removeUnfinished() throws IOException {
        int removed = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.unfinished())) {
            for (Path file : files) {
                if (isOfTheDead(file) && Files.deleteIfExists(file)) {
                    removed++;
                }
            }
        }
        return removed;
    }

    /** The name begins with the number of the process that writes it. */
    private static boolean isOfTheDead(Path file) {
        String name = file.getFileName().toString();
        int end = name.indexOf('-');
        try {
            return end > 0
                    && ProcessHandle.of(Long.parseLong(name.substring(0, end))).isEmpty();
        } catch (NumberFormatException noNumber) {
            return true;
        }
    }
}
