package dev.sluice.master.system;

import dev.sluice.common.cache.CacheFolder;
import dev.sluice.common.cache.CacheOwner;
import dev.sluice.common.config.Bytes;
import dev.sluice.common.config.CacheConfig;
import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.LoadedConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks whether workers will be able to use the folders of caches: a cache that cannot be used is
 * no reason not to serve, so these are warnings; but one that another master's workers use is an
 * error, since each of the two would spoil what the other one has. Nothing is made or changed.
 * Groups other than the one that is named like the user are not known here; what a group may write
 * is believed.
 */
public final class CacheFolderCheck {

    private static final int BYTES_PER_KB = 1024;
    /** A sentence about less than this is no help. */
    private static final long SHORT_OF_MIN = 1 << 20;

    private final List<ConfigError> errors = new ArrayList<>();
    private final List<ConfigError> warnings = new ArrayList<>();
    private final CacheOwner owner;
    /** Whom workers run as, if that is another than who asks; empty for the same. */
    private final String user;

    private CacheFolderCheck(CacheOwner owner, String user) {
        this.owner = owner;
        this.user = user;
    }

    /**
     * The same configuration, with a warning for each cache that cannot work as it is told to; or
     * without its good part, when a folder is somebody else's.
     */
    public static LoadedConfig of(LoadedConfig loaded) {
        if (loaded.config() == null || loaded.config().caches().isEmpty()) {
            return loaded;
        }
        boolean root = "root".equals(System.getProperty("user.name"));
        return of(loaded, root ? loaded.config().main().user() : "");
    }

    static LoadedConfig of(LoadedConfig loaded, String user) {
        CacheFolderCheck check = new CacheFolderCheck(new CacheOwner(
                loaded.config().main().runDirectory(), ProcessHandle.current().pid()), user);
        check.warnings.addAll(loaded.warnings());
        for (CacheConfig cache : loaded.config().caches()) {
            try {
                check.look(cache);
            } catch (IOException e) {
                check.warn(cache, "\"" + cache.path() + "\" cannot be looked at: " + e, null);
            }
        }
        LoadedConfig checked = new LoadedConfig(loaded.config(), loaded.errors(), check.warnings,
                loaded.effective(), loaded.jvm(), loaded.files(), loaded.variables(),
                loaded.secrets());
        return check.errors.isEmpty() ? checked : checked.refused(check.errors);
    }

    private void warn(CacheConfig cache, String message, String help) {
        warnings.add(new ConfigError(cache.at(), "[cache " + cache.name() + "]: " + message,
                help));
    }

    private void look(CacheConfig cache) throws IOException {
        Path folder = Path.of(cache.path()).toAbsolutePath();
        String refusal = owner.refusal(folder);
        if (refusal != null) {
            errors.add(new ConfigError(cache.at(), "[cache " + cache.name() + "]: " + refusal,
                    "give it a folder of its own, or stop the other one"));
            return;
        }
        Path there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        String who = user.isEmpty() ? System.getProperty("user.name") : user;
        if (!Files.isDirectory(there)) {
            warn(cache, "\"" + there + "\" is no folder, so nothing will be stored",
                    "name a folder that belongs to this cache alone");
        } else if (!isWritable(there)) {
            boolean itself = there.equals(folder);
            warn(cache, "\"" + folder + "\" cannot be " + (itself ? "written" : "made") + " by "
                    + who + ", so nothing will be stored",
                    itself ? "chown " + who + " " + folder
                            : "install -d -o " + who + " " + folder);
        } else {
            lookForRoom(cache, folder, there);
        }
    }

    private boolean isWritable(Path folder) throws IOException {
        if (user.isEmpty()) {
            return Files.isWritable(folder);
        }
        PosixFileAttributes facts = Files.readAttributes(folder, PosixFileAttributes.class);
        if (facts.owner().getName().equals(user)) {
            return facts.permissions().contains(PosixFilePermission.OWNER_WRITE);
        }
        return facts.permissions().contains(PosixFilePermission.OTHERS_WRITE)
                || facts.permissions().contains(PosixFilePermission.GROUP_WRITE)
                        && !facts.group().getName().equals("root");
    }

    private void lookForRoom(CacheConfig cache, Path folder, Path there) throws IOException {
        long free = Files.getFileStore(there).getUsableSpace();
        long shortOf = cache.sizeMax() - free - held(cache, folder);
        if (shortOf >= SHORT_OF_MIN) {
            warn(cache, "max_size is " + Bytes.format(cache.sizeMax()) + ", but the file system of"
                    + " \"" + there + "\" has room for " + (free >> 20) + "m only",
                    "what finds no room is passed on and not stored: lower max_size, or make room");
        }
    }

    /** Bytes that the cache has there already. */
    private static long held(CacheConfig cache, Path folder) {
        try {
            return CacheFolder.look(folder, cache.name(), cache.keys(),
                    index -> index.queues().totalKb() * BYTES_PER_KB);
        } catch (IOException notThere) {
            return 0;
        }
    }
}
