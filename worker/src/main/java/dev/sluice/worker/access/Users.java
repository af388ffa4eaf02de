package dev.sluice.worker.access;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.PasswordFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.Map;

/**
 * A file of users, read when it is first needed and again when it has changed.
 *
 * <p>Owner: the side thread.
 */
final class Users {

    /** What the file says of a password. */
    enum Answer { RIGHT, WRONG_PASSWORD, NO_SUCH_USER, NO_FILE }

    /** Between two looks at the file, in nanoseconds. */
    static final long LOOK_NS = 1_000_000_000L;

    private final Path file;
    private final Clock clock;
    private Map<String, String> hashes = Map.of();
    private Object version;
    private long lookedNs;
    private boolean looked;
    private String failure;

    Users(String file, Clock clock) {
        this.file = Path.of(file);
        this.clock = clock;
    }

    /** Something that is the same as long as the file is. */
    Object version() {
        return version;
    }

    /** Why the file cannot be used, null when it can. */
    String failure() {
        return failure;
    }

    /** Looks whether the file is still the one that was read, and reads it if not. */
    void look() {
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
                hashes = PasswordFile.read(file).hashes();
                version = found;
            }
            failure = null;
        } catch (IOException e) {
            // Fails closed: who was taken out of the file must not come back by its loss.
            failure = e.toString();
            hashes = Map.of();
            version = null;
        }
    }

    /**
     * Whether it is this user's password. One who is not in the file costs as much time as the
     * first who is, so that time does not tell who has an account.
     */
    Answer check(String user, byte[] password) {
        look();
        if (failure != null) {
            return Answer.NO_FILE;
        }
        String hash = hashes.get(user);
        if (hash != null) {
            return PasswordHash.matches(hash, password) ? Answer.RIGHT : Answer.WRONG_PASSWORD;
        }
        Iterator<String> any = hashes.values().iterator();
        if (any.hasNext()) {
            PasswordHash.matches(any.next(), password);
        }
        return Answer.NO_SUCH_USER;
    }
}
