package dev.sluice.common.zones;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/**
 * A mapped file of 64-bit words that several processes read and change at once. All numbers are
 * little-endian.
 *
 * <pre>
 *   0      8          12       16       24         32             48       56        64    128
 *   +------+----------+--------+--------+----------+--------------+--------+---------+-----+----
 *   |magic |version of|layout  |words   |created at|random secret |identity|length of|kind,|words
 *   |u64   |header u32|u32     |u64     |ms u64    |2 x u64       |u64     |kind u64 |zeros|u64..
 *   +------+----------+--------+--------+----------+--------------+--------+---------+-----+----
 * </pre>
 *
 * The words are zero at first. Nobody ever makes the file shorter: a mapping of a shortened file
 * would fault. No word has an owner; whoever uses a zone says which of the operations below keep
 * its words consistent. The secret keys hashes of what clients choose, so that nobody outside can
 * aim at one place of a table; it is as old as the state.
 *
 * <p>Made at open, then read-only itself; any thread and any process may use the words. Open for a
 * test whose process dies between two stores.
 */
public class ZoneFile {
    static final long MAGIC = 0x4e5a_4543_4955_4c53L; // "SLUICEZN"
    static final int HEADER_VERSION = 1;
    static final int HEADER_BYTES = 128;

    private static final int KIND_AT = 64;
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private final ZoneSpec spec;
    private final MemorySegment words;
    private final long createdMs;
    private final long secret0;
    private final long secret1;

    /** The same words again. */
    ZoneFile(ZoneFile of) {
        spec = of.spec;
        words = of.words;
        createdMs = of.createdMs;
        secret0 = of.secret0;
        secret1 = of.secret1;
    }

    private ZoneFile(ZoneSpec spec, ByteBuffer header, MemorySegment words) {
        this.spec = spec;
        this.words = words;
        this.createdMs = header.getLong(24);
        this.secret0 = header.getLong(32);
        this.secret1 = header.getLong(40);
    }

    /**
     * Creates or replaces a file. It appears whole or not at all: it is written beside its final
     * name and renamed. The zeros are written rather than left as a hole, so that a full tmpfs is
     * an IOException here and not a SIGBUS in a worker. Only the owner may read and write it.
     *
     * @param secret 16 random bytes
     */
    public static void create(Path file, ZoneSpec spec, long createdMs, byte[] secret)
            throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        Files.createFile(
                unfinished,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                write(channel, header(spec, createdMs, secret));
                ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
                for (long left = spec.wordCount() * Long.BYTES; left > 0; ) {
                    int bytes = (int) Math.min(left, zeros.capacity());
                    write(channel, zeros.clear().limit(bytes));
                    left -= bytes;
                }
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static ByteBuffer header(ZoneSpec spec, long createdMs, byte[] secret) {
        assert secret.length == 2 * Long.BYTES;
        byte[] kind = spec.kind().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer b = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(MAGIC).putInt(HEADER_VERSION).putInt(spec.layout()).putLong(spec.wordCount());
        b.putLong(createdMs).put(secret).putLong(spec.identity()).putLong(kind.length);
        assert b.position() == KIND_AT;
        return b.put(kind).rewind();
    }

    /** Maps a file for as long as the process lives. */
    public static ZoneFile open(Path folder, ZoneSpec spec) throws IOException {
        return open(folder.resolve(spec.fileName()), spec, Arena.global());
    }

    /**
     * Maps a file for as long as the arena lives.
     *
     * @throws IOException there is none, or it is not what is expected, with its name
     */
    public static ZoneFile open(Path file, ZoneSpec spec, Arena arena) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long bytes = HEADER_BYTES + spec.wordCount() * Long.BYTES;
            if (channel.size() != bytes) {
                throw new IOException("zone of " + channel.size() + " bytes, not " + bytes);
            }
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (header.hasRemaining() && channel.read(header, header.position()) > 0) {}
            header.rewind();
            byte[] expected = header(spec, 0, new byte[2 * Long.BYTES]).array();
            byte[] found = header.array().clone();
            Arrays.fill(found, 24, 48, (byte) 0);
            if (!Arrays.equals(expected, found)) {
                throw new IOException("not a zone of this kind, or one that is damaged");
            }
            MemorySegment words = channel.map(FileChannel.MapMode.READ_WRITE, HEADER_BYTES,
                    spec.wordCount() * Long.BYTES, arena);
            return new ZoneFile(spec, header, words);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such zone", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + ": permission denied", e);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** A zone that no other process sees, for tests and for a worker without a master. */
    public static ZoneFile inMemory(ZoneSpec spec) {
        MemorySegment words = Arena.ofAuto().allocate(spec.wordCount() * Long.BYTES, 64);
        return new ZoneFile(spec, header(spec, 0, new byte[2 * Long.BYTES]), words);
    }

    public ZoneSpec spec() {
        return spec;
    }

    /** Wall clock at which its words were zero, in milliseconds since 1970. */
    public long createdMs() {
        return createdMs;
    }

    /** The first half of the random secret. */
    public long secret0() {
        return secret0;
    }

    /** The second half of the random secret. */
    public long secret1() {
        return secret1;
    }

    public long wordCount() {
        return spec.wordCount();
    }

    /** Sees every store of any process that came before. */
    public long get(long index) {
        return (long) WORD.getVolatile(words, index << 3);
    }

    /** Whoever sees the value sees what this thread stored before it. */
    public void set(long index, long value) {
        WORD.setRelease(words, index << 3, value);
    }

    /** @return whether the word held the expected value and holds the new one now */
    public boolean compareAndSet(long index, long expected, long value) {
        return WORD.compareAndSet(words, index << 3, expected, value);
    }

    /** @return what the word held before */
    public long getAndAdd(long index, long n) {
        return (long) WORD.getAndAdd(words, index << 3, n);
    }
}
