package dev.sluice.common.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who uses a folder: one master with its workers. Each of them holds a shared lock of the file
 * {@code owner} as long as it lives, so a master that is killed leaves no lock behind, and a second
 * master is told. The file says in one line which master that is: its pid, and what its successors
 * have in common with it over reloads and upgrades, the pid namespace and {@code run_directory}.
 *
 * <p>Any thread. A process loses its lock when it closes the file, by whatever descriptor: so one
 * that holds it opens it once.
 */
public final class CacheOwner {

    private static final String NAME = "owner";
    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");
    private static final int LINE_BYTES_MAX = 4200;
    /** The byte that workers lock, and the one that is locked by who takes the file or looks. */
    private static final long LIFE = 0;
    private static final long TURN = 1;
    /** What this process holds, by the keys of the files. */
    private static final Map<Object, FileChannel> HELD = new ConcurrentHashMap<>();

    private final String master;
    private final long pid;

    /**
     * @param runDirectory of the master
     * @param pid of the master, for who is refused
     */
    public CacheOwner(String runDirectory, long pid) {
        this.master = namespace() + " " + Path.of(runDirectory).toAbsolutePath();
        this.pid = pid;
    }

    /** The run directories of two containers have the same name. */
    private static String namespace() {
        try {
            return Files.readSymbolicLink(NAMESPACE).toString();
        } catch (IOException none) {
            return "-";
        }
    }

    /**
     * Takes the folder for this process, until it ends.
     *
     * @throws IOException workers of another master have it, with its pid
     */
    void take(Path folder) throws IOException {
        if (holds(folder)) {
            return;
        }
        Path file = folder.resolve(NAME);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try {
            takeInTurn(folder, channel);
            HELD.put(key(file), channel);
        } catch (IOException | RuntimeException refused) {
            channel.close();
            throw refused;
        }
    }

    private void takeInTurn(Path folder, FileChannel channel) throws IOException {
        try (FileLock turn = channel.lock(TURN, 1, false)) {
            assert turn.isValid();
            String line = read(channel);
            if (!isOfMaster(line) && isInUse(channel)) {
                throw new IOException(refusal(folder, pidOf(line)));
            }
            channel.lock(LIFE, 1, true);
            byte[] own = (pid + " " + master + "\n").getBytes(StandardCharsets.UTF_8);
            channel.write(ByteBuffer.wrap(own), 0);
            channel.truncate(own.length);
        }
    }

    /** By processes other than this one; for who has the turn. */
    private static boolean isInUse(FileChannel channel) throws IOException {
        try (FileLock alone = channel.tryLock(LIFE, 1, false)) {
            return alone == null;
        }
    }

    /** Whether this process has the folder, and nobody has removed the file that says so. */
    boolean holds(Path folder) throws IOException {
        Object key = key(folder.resolve(NAME));
        return key != null && HELD.containsKey(key);
    }

    /**
     * Looks whether workers of another master have the folder; makes nothing. Not for who has it.
     *
     * @return why this master cannot have it; null when it can, or may not look, or somebody else
     *     does at this moment
     */
    public String refusal(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            try (FileLock turn = channel.tryLock(TURN, 1, false)) {
                String line = read(channel);
                return turn == null || isOfMaster(line) || !isInUse(channel) ? null
                        : refusal(folder, pidOf(line));
            }
        } catch (NoSuchFileException | AccessDeniedException unknown) {
            return null;
        }
    }

    private static String refusal(Path folder, String pid) {
        return "\"" + folder + "\" belongs to another sluice, which runs with pid " + pid;
    }

    private boolean isOfMaster(String line) {
        return line.substring(line.indexOf(' ') + 1).equals(master);
    }

    /** Whoever may write the folder has written it. */
    private static String pidOf(String line) {
        String word = line.substring(0, Math.max(0, line.indexOf(' ')));
        return word.matches("[0-9]{1,10}") ? word : "unknown";
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LINE_BYTES_MAX);
        channel.read(bytes, 0);
        String all = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        return all.substring(0, Math.max(0, all.indexOf('\n')));
    }

    private static Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS).fileKey();
        } catch (NoSuchFileException none) {
            return null;
        }
    }
}
