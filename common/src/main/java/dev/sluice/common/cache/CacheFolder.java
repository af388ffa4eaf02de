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
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.function.Function;

/**
 * The folder of a cache.
 *
 * <pre>
 *   index                          see CacheIndex
 *   lock                           held while the index is made
 *   owner                          see CacheOwner
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
    private final ZoneSpec spec;
    /** Null for one that is absent. */
    private final CacheIndex index;
    /** Which file the index is: another one of its name is another cache. Null for none. */
    private final Object indexKey;
    private final boolean made;
    /** Null for one that is only looked at, and for none. */
    private final CacheOwner owner;

    private CacheFolder(Path path, CacheOwner owner, ZoneSpec spec, CacheIndex index,
            Object indexKey, boolean made) {
        this.path = path;
        this.owner = owner;
        this.spec = spec;
        this.index = index;
        this.indexKey = indexKey;
        this.made = made;
    }

    /**
     * Opens a folder, and makes what is missing of it. An index that is not of this size is made
     * anew, and what it held is forgotten.
     *
     * @param owner who has it from now on
     * @throws IOException it cannot be used, with its name
     */
    public static CacheFolder open(Path path, String name, int keys, long nowMs, CacheOwner owner)
            throws IOException {
        return open(path, CacheIndex.spec(name, keys), nowMs, owner);
    }

    private static CacheFolder open(Path path, ZoneSpec spec, long nowMs, CacheOwner owner)
            throws IOException {
        Files.createDirectories(path.resolve(NEW));
        Path file = path.resolve(INDEX);
        try (FileChannel lock = lockFile(path); FileLock held = lock.lock()) {
            assert held.isValid();
            owner.take(path);
            if (Files.exists(file)) {
                try {
                    return of(path, owner, spec, false);
                } catch (IOException anotherOne) {
                    // Of another size or damaged: what follows replaces it.
                }
            }
            return make(path, owner, spec, nowMs);
        }
    }

    /** One that could not be opened: it has no index, and {@link #restored} opens it. */
    public static CacheFolder absent(Path path, String name, int keys, CacheOwner owner) {
        return new CacheFolder(path, owner, CacheIndex.spec(name, keys), null, null, false);
    }

    private static FileChannel lockFile(Path path) throws IOException {
        return FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
    }

    private static CacheFolder of(Path path, CacheOwner owner, ZoneSpec spec, boolean made)
            throws IOException {
        Path file = path.resolve(INDEX);
        return new CacheFolder(path, owner, spec,
                new CacheIndex(ZoneFile.open(file, spec, Arena.global())), key(file), made);
    }

    private static CacheFolder make(Path path, CacheOwner owner, ZoneSpec spec, long nowMs)
            throws IOException {
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        ZoneFile.create(path.resolve(INDEX), spec, nowMs, secret);
        return of(path, owner, spec, true);
    }

    /** Which file it is, whatever its name; null when there is none. */
    private static Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    /** Opens one that is there already; makes nothing. */
    public static CacheFolder existing(Path path, String name, int keys) throws IOException {
        return of(path, null, CacheIndex.spec(name, keys), false);
    }

    /** Whether all is there that it was opened with, and not another index of its name. */
    public boolean isThere() throws IOException {
        return isInMemory() || !isAbsent() && indexKey.equals(key(path.resolve(INDEX)))
                && Files.isDirectory(unfinished()) && owner.holds(path);
    }

    /**
     * Makes again what somebody has removed of it while it was open, as {@link #open} does, and
     * with the rights of whoever calls. An index that is gone is forgotten with all that it held:
     * its keys are hashed by another secret than those of the new one, so that nothing that was
     * begun before can be taken for an answer of the new one.
     *
     * @return what is to be used from now on: of the same index, or of the one that is there now.
     *     One of another size belongs to workers of another configuration, and is let be
     * @throws IOException it cannot be made, with its name
     */
    public CacheFolder restored(long nowMs) throws IOException {
        if (isAbsent()) {
            return open(path, spec, nowMs, owner);
        }
        Files.createDirectories(unfinished());
        Path file = path.resolve(INDEX);
        try (FileChannel lock = lockFile(path); FileLock held = lock.lock()) {
            assert held.isValid();
            owner.take(path);
            Object key = key(file);
            if (key == null) {
                return make(path, owner, spec, nowMs);
            }
            try {
                return key.equals(indexKey) ? this : of(path, owner, spec, false);
            } catch (IOException ofAnotherSize) {
                return new CacheFolder(path, owner, spec, index, key, false);
            }
        }
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
        ZoneSpec spec = CacheIndex.spec(name, keys);
        return new CacheFolder(null, null, spec, new CacheIndex(ZoneFile.inMemory(spec)), null,
                true);
    }

    /** Whether it could not be opened yet. */
    public boolean isAbsent() {
        return index == null;
    }

    public boolean isInMemory() {
        return path == null;
    }

    public Path path() {
        return path;
    }

    /** Whether its index was made for it, and holds nothing of before. */
    public boolean isNew() {
        return made;
    }

    /** What stands before {@link #nameOf} in a whole name. */
    public String prefix() {
        return (isInMemory() ? NOWHERE : path) + "/";
    }

    /** Null while it is absent. */
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
