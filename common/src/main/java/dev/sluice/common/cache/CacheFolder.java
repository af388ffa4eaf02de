package dev.sluice.common.cache;

import dev.sluice.common.zones.ZoneFile;
import dev.sluice.common.zones.ZoneSpec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.function.Function;

/**
 * The folder of a cache.
 *
 * <pre>
 *   index                          see CacheIndex
 *   lock                           held while the index is made
 *   new/                           files that are being written
 *   3/fa/3fa0...-0000012c          an answer: hash and serial
 * </pre>
 *
 * Written at boot, then read-only; any thread.
 */
public final class CacheFolder {

    private static final String INDEX = "index";
    private static final String LOCK = "lock";
    private static final String NEW = "new";
    /** No file can be made below it. */
    private static final Path NOWHERE = Path.of("/dev/null");
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int NAME_AT = 5;
    private static final int NAME_LENGTH = 16 + 1 + 8;
    /** Of answers: sixteen times 256. */
    static final int DIRECTORIES = 4096;

    private final Path path;
    private final CacheIndex index;

    private CacheFolder(Path path, CacheIndex index) {
        this.path = path;
        this.index = index;
    }

    /**
     * Opens a folder, and makes what is missing of it. An index that is not of this size is made
     * anew, and what it held is forgotten.
     *
     * @throws IOException it cannot be used, with its name
     */
    public static CacheFolder open(Path path, String name, int keys, long nowMs)
            throws IOException {
        Files.createDirectories(path.resolve(NEW));
        ZoneSpec spec = CacheIndex.spec(name, keys);
        Path file = path.resolve(INDEX);
        try (FileChannel lock = FileChannel.open(path.resolve(LOCK),
                StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = lock.lock()) {
            assert held.isValid();
            return new CacheFolder(path, new CacheIndex(openOrMake(file, spec, nowMs)));
        }
    }

    private static ZoneFile openOrMake(Path file, ZoneSpec spec, long nowMs) throws IOException {
        if (Files.exists(file)) {
            try {
                return ZoneFile.open(file, spec, Arena.global());
            } catch (IOException anotherOne) {
                // Of another size or damaged: what follows replaces it.
            }
        }
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        ZoneFile.create(file, spec, nowMs, secret);
        return ZoneFile.open(file, spec, Arena.global());
    }

    /** Opens one that is there already; makes nothing. */
    public static CacheFolder existing(Path path, String name, int keys) throws IOException {
        return new CacheFolder(path, new CacheIndex(ZoneFile.open(path.resolve(INDEX),
                CacheIndex.spec(name, keys), Arena.global())));
    }

    /**
     * Looks at the index of one that is there already; the index is good until this returns.
     *
     * @throws IOException there is none
     */
    public static <T> T look(Path path, String name, int keys, Function<CacheIndex, T> at)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return at.apply(new CacheIndex(ZoneFile.open(path.resolve(INDEX),
                    CacheIndex.spec(name, keys), arena)));
        }
    }

    /** None: what is stored lives in the memory of one worker, and dies with it. */
    public static CacheFolder inMemory(String name, int keys) {
        return new CacheFolder(null,
                new CacheIndex(ZoneFile.inMemory(CacheIndex.spec(name, keys))));
    }

    public boolean isInMemory() {
        return path == null;
    }

    public Path path() {
        return path;
    }

    /** What stands before {@link #nameOf} in a whole name. */
    public String prefix() {
        return (isInMemory() ? NOWHERE : path) + "/";
    }

    public CacheIndex index() {
        return index;
    }

    /** The folder for files that are being written. */
    public Path unfinished() {
        return (isInMemory() ? NOWHERE : path).resolve(NEW);
    }

    /** Where an answer lies. */
    public Path file(long hash, long serial) {
        return path.resolve(nameOf(hash, serial));
    }

    /** The same, relative to the folder: {@code 3/fa/3fa0...-0000012c}. */
    public static String nameOf(long hash, long serial) {
        char[] name = new char[NAME_AT + NAME_LENGTH];
        for (int i = 0; i < 16; i++) {
            name[NAME_AT + i] = HEX[(int) (hash >>> (60 - 4 * i)) & 15];
        }
        name[0] = name[NAME_AT];
        name[1] = '/';
        name[2] = name[NAME_AT + 1];
        name[3] = name[NAME_AT + 2];
        name[4] = '/';
        name[NAME_AT + 16] = '-';
        for (int i = 0; i < 8; i++) {
            name[NAME_AT + 17 + i] = HEX[(int) (serial >>> (28 - 4 * i)) & 15];
        }
        return new String(name);
    }

    /** One of the directories that answers lie in; it may not be there. */
    Path directory(int number) {
        String name = Integer.toHexString(DIRECTORIES | number);
        return path.resolve(name.substring(1, 2)).resolve(name.substring(2));
    }

    /** Whether a file is the one that counts for its hash. */
    boolean counts(Path file) {
        String name = file.getFileName().toString();
        if (name.length() != NAME_LENGTH || name.charAt(16) != '-') {
            return false;
        }
        try {
            long hash = Long.parseUnsignedLong(name, 0, 16, 16);
            long serial = Long.parseUnsignedLong(name, 17, NAME_LENGTH, 16);
            long place = index.find(hash);
            return place != CacheIndex.NOWHERE && index.serial(place) == serial;
        } catch (NumberFormatException noName) {
            return false;
        }
    }

    /** Puts a finished file where it belongs. */
    public void adopt(Path finished, long hash, long serial) throws IOException {
        Path file = file(hash, serial);
        try {
            Files.move(finished, file);
        } catch (NoSuchFileException noFolder) {
            Files.createDirectories(file.getParent());
            Files.move(finished, file);
        }
    }

    /** Removes a file that counts no longer, if it is there. */
    public void discard(long hash, long serial) {
        if (isInMemory()) {
            return;
        }
        try {
            Files.deleteIfExists(file(hash, serial));
        } catch (IOException stays) {
            // The sweep that looks for files that nobody knows will try again.
        }
    }
}
