package dev.sluice.worker.arena;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * 128 bits that nobody outside this process knows. Asked of the kernel (random(4)) without the
 * JDK's providers, which take 16 ms to set up in a process that needs nothing else of them.
 *
 * <p>Immutable.
 */
public record SecretKey(long word0, long word1) {

    private static final Path URANDOM = Path.of("/dev/urandom");

    /** At boot: it opens a file. */
    public static SecretKey random() {
        try (InputStream in = Files.newInputStream(URANDOM)) {
            ByteBuffer bytes = ByteBuffer.wrap(in.readNBytes(2 * Long.BYTES));
            return new SecretKey(bytes.getLong(), bytes.getLong());
        } catch (IOException e) {
            throw new UncheckedIOException(URANDOM + " cannot be read", e);
        }
    }
}
