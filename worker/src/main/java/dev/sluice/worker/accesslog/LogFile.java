package dev.sluice.worker.accesslog;

import dev.sluice.common.log.SystemLog;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is only appended to (O_APPEND, so that several workers can share it), or the standard
 * error of the process, or a daemon. Opened at boot, then owned by the log writer thread.
 */
final class LogFile {
    static final String STDERR = "stderr";

    private final String path;
    private final Opener opener;
    private WritableByteChannel channel;

    LogFile(String path) throws IOException {
        this(path, LogFile::openPath);
    }

    /** For tests of a disk that fails. */
    LogFile(String path, Opener opener) throws IOException {
        this.path = path;
        this.opener = opener;
        this.channel = opener.open(path);
    }

    /** The lines of an error log tell a daemon how much each of them matters. */
    static LogFile ofErrors(String path) throws IOException {
        return new LogFile(path, p -> SystemLog.isSystem(p) ? SystemLog.open(p, true)
                : openPath(p));
    }

    String path() {
        return path;
    }

    @SuppressWarnings("resource")
    private static WritableByteChannel openPath(String path) throws IOException {
        if (SystemLog.isSystem(path)) {
            return SystemLog.open(path, false);
        }
        if (path.equals(STDERR)) {
            return new FileOutputStream(FileDescriptor.err).getChannel();
        }
        return FileChannel.open(
                Path.of(path),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
    }

    /** One write(2); may write less than there is. */
    int write(ByteBuffer bytes) throws IOException {
        return channel.write(bytes);
    }

    /**
     * Opens the path anew and closes the old file; a failing open leaves the old one in use.
     *
     * @return false when closing the old file failed, as a network file system may say that late
     *     that bytes did not reach it
     */
    boolean reopen() throws IOException {
        if (path.equals(STDERR)) {
            return true;
        }
        WritableByteChannel next = opener.open(path);
        try (WritableByteChannel old = channel) {
            assert old.isOpen();
            channel = next;
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    void close() throws IOException {
        if (!path.equals(STDERR)) {
            channel.close();
        }
    }

    /** The reason without the path, which the line names already. */
    static String reason(IOException e) {
        if (e instanceof FileSystemException f) {
            return f.getReason() != null ? f.getReason() : f.getClass().getSimpleName();
        }
        return e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
    }

    /** How a path becomes an open file. */
    interface Opener {
        WritableByteChannel open(String path) throws IOException;
    }
}
