package dev.sluice.modules.basicauth;

import dev.sluice.modules.credentials.WatchedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Map;

/**
 * The users of a file with their hashed passwords.
 *
 * <p>Owner: the side thread.
 */
final class Users extends WatchedFile {

    /** What the file says of a password. */
    enum Answer { RIGHT, WRONG_PASSWORD, NO_SUCH_USER, NO_FILE }

    private Map<String, String> hashes = Map.of();

    Users(Path file, InstantSource clock) {
        super(file, clock);
    }

    Path path() {
        return file;
    }

    @Override
    protected void read() throws IOException {
        hashes = PasswordFile.read(file).hashes();
    }

    @Override
    protected void forget() {
        hashes = Map.of();
    }

    /**
     * Whether it is this user's password. One who is not in the file costs as much time as the
     * first who is, so that time does not tell who has an account.
     */
    Answer check(String user, byte[] password) {
        look();
        if (failure() != null) {
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
