package dev.sluice.master.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The pid of the running master. The file is locked as long as the master lives, and the kernel
 * drops the lock with the process: so a file left by a killed master is told from a live one
 * without guessing from a number that another process may have by now.
 *
 * <p>Owner: master loop.
 */
public final class PidFile {

    private static final int PID_BYTES_MAX = 32;

    private final Path path;
    private final FileChannel channel;

    private PidFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Locks the file and writes the pid into it.
     *
     * @throws IOException another master holds it, or it cannot be written; the message says which
     */
    public static PidFile take(Path path, long pid) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new IOException(
                        "sluice runs already with pid " + read(channel) + ", pid file " + path);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return new PidFile(path, channel);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(PID_BYTES_MAX);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    }

    /** Unlocks it for another master, which is about to write its own pid; the file stays. */
    public void giveUp() {
        try {
            channel.close();
        } catch (IOException unlockedAtTheEnd) {
            // The kernel drops the lock with this process at the latest.
        }
    }

    /** Removes the file. Removed first and unlocked after, so that nobody locks a dead one. */
    public void release() {
        try {
            Files.deleteIfExists(path);
            channel.close();
        } catch (IOException left) {
            // A file that stays is unlocked when this process ends, and replaced by the next start.
        }
    }
}
