package dev.sluice.common.counters;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A mapped counter file; {@link CounterLayout} draws it. The master creates it, one worker writes
 * it, anybody may read it. Nobody ever makes it shorter: a mapping of a shortened file would
 * fault.
 *
 * <p>Made at open, then read-only itself; the words behind it belong to the writer.
 */
public final class CounterFile {
    final CounterLayout layout;
    final MemorySegment words;

    private CounterFile(CounterLayout layout, MemorySegment words) {
        this.layout = layout;
        this.words = words;
    }

    /**
     * Creates or replaces a file for these labels. Called by the master, before the worker
     * starts.
     */
    public static void create(
            Path file, List<String> servers, List<PeerLabel> peers, List<String> terminationLabels)
            throws IOException {
        create(file, new CounterLabels(servers, peers, terminationLabels));
    }

    /**
     * Creates or replaces a file. It appears whole or not at all: it is written beside its final
     * name and renamed. The zeros are written rather than left as a hole, so that a full tmpfs is
     * an IOException here and not a SIGBUS in the worker. Only the owner may read and write it; a
     * master whose workers run as another user gives it to that user.
     */
    public static void create(Path file, CounterLabels labels) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        Files.createFile(
                unfinished,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                ByteBuffer whole = CounterLayout.of(labels).newFile();
                while (whole.hasRemaining()) {
                    channel.write(whole);
                }
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
    }

    /** Maps a file for its one writer; the mapping lives as long as the process. */
    static CounterFile openForWriting(Path file) throws IOException {
        return open(
                file,
                Arena.global(),
                FileChannel.MapMode.READ_WRITE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    /** Maps a file so that what is written stays in this mapping (MAP_PRIVATE of mmap(2)). */
    static CounterFile openUnseen(Path file) throws IOException {
        return open(
                file,
                Arena.ofAuto(),
                FileChannel.MapMode.PRIVATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    /** Maps a file for reading as long as the arena lives. */
    static CounterFile openForReading(Path file, Arena arena) throws IOException {
        return open(file, arena, FileChannel.MapMode.READ_ONLY, StandardOpenOption.READ);
    }

    /** Counters without a file, for tests and for tools that have nobody to report to. */
    static CounterFile inMemory(CounterLabels labels) {
        CounterLayout layout = CounterLayout.of(labels);
        return new CounterFile(layout, Arena.ofAuto().allocate(layout.fileBytes, 64));
    }

    private static CounterFile open(
            Path file, Arena arena, FileChannel.MapMode mode, StandardOpenOption... options)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, options)) {
            int headerBytes = CounterLayout.headerBytes(read(channel, CounterLayout.FIXED_BYTES));
            ByteBuffer header = read(channel, headerBytes);
            CounterLayout layout = CounterLayout.parse(header, channel.size());
            return new CounterFile(layout, channel.map(mode, 0, layout.fileBytes, arena));
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such counter file", e);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static ByteBuffer read(FileChannel channel, int bytes) throws IOException {
        if (channel.size() < bytes) {
            throw new IOException("counter file of only " + channel.size() + " bytes");
        }
        ByteBuffer b = ByteBuffer.allocate(bytes);
        while (b.hasRemaining() && channel.read(b, b.position()) > 0) {}
        return b.flip();
    }
}
