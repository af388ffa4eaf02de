package dev.sluice.modules.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;

/**
 * A file that is read when it is first needed and again when it has changed.
 *
 * <p>Owner: the side thread.
 */
public abstract class WatchedFile implements Source {

    protected final Path file;
    private final InstantSource clock;
    private Object version;
    private long lookedMs;
    private boolean looked;
    private String failure;

    protected WatchedFile(Path file, InstantSource clock) {
        this.file = file;
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
        long nowMs = clock.millis();
        if (looked && Math.abs(nowMs - lookedMs) < LOOK_MS) {
            return;
        }
        looked = true;
        lookedMs = nowMs;
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
    protected abstract void read() throws IOException;

    /** The file cannot be used: what it said does not count any more. */
    protected abstract void forget();
}
