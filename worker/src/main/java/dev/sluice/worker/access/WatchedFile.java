package dev.sluice.worker.access;

import dev.sluice.common.clock.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file that is read when it is first needed and again when it has changed.
 *
 * <p>Owner: the side thread.
 */
abstract class WatchedFile implements Source {

    final Path file;
    final Clock clock;
    private Object version;
    private long lookedNs;
    private boolean looked;
    private String failure;

    WatchedFile(String file, Clock clock) {
        this.file = Path.of(file);
        this.clock = clock;
    }

    @Override
    public final Object version() {
        return version;
    }

    @Override
    public final String failure() {
        return failure;
    }

    /** Looks whether the file is still the one that was read, and reads it if not. */
    @Override
    public final void look() {
        long nowNs = clock.nowNs();
        if (looked && nowNs - lookedNs < LOOK_NS) {
            return;
        }
        looked = true;
        lookedNs = nowNs;
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            String found = now.fileKey() + " " + now.lastModifiedTime() + " " + now.size();
            if (!found.equals(version)) {
                read();
                version = found;
            }
            failure = null;
        } catch (IOException e) {
            // Fails closed: who was taken out of the file must not come back by its loss.
            failure = e.toString();
            version = null;
            forget();
        }
    }

    /** Takes in what the file says now. */
    abstract void read() throws IOException;

    /** The file cannot be used: what it said does not count any more. */
    abstract void forget();
}
