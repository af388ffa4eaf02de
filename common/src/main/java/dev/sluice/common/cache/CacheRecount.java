package dev.sluice.common.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/**
 * Compares what the index says of its answers with their files, some at a time: after a loss of
 * power, or a damage of the disk, it may name files that are not there, or say that they take
 * another room than they do. {@link CacheSweep} puts right the sums of what it says.
 *
 * <p>Owner: one thread that may take its time.
 */
public final class CacheRecount {

    private static final int FILES_AT_ONCE = 1024;

    private final CacheFolder folder;
    private final CacheIndex index;
    private long next;

    public CacheRecount(CacheFolder folder) {
        this.folder = folder;
        this.index = folder.index();
        this.next = index.placesEnd();
    }

    /** From the first answer on. */
    public void begin() {
        next = folder.isInMemory() ? index.placesEnd() : index.firstPlace();
    }

    /** Whether there are answers left. */
    public boolean isLooking() {
        return next < index.placesEnd();
    }

    /** Looks at the next answers. @return of how many the index said something wrong */
    public int look(long nowS) throws IOException {
        int wrong = 0;
        int seen = 0;
        while (isLooking() && seen < FILES_AT_ONCE) {
            long place = next;
            next = index.nextPlace(place);
            long hash = index.hash(place);
            long serial = index.serial(place);
            if (hash != 0 && serial != 0) {
                seen++;
                wrong += isRight(place, hash, serial, nowS) ? 0 : 1;
            }
        }
        return wrong;
    }

    /** Puts it right, too. */
    private boolean isRight(long place, long hash, long serial, long nowS) throws IOException {
        try {
            long bytes = Files.size(folder.file(hash, serial));
            return index.isOfSize(place, hash, serial, bytes, nowS);
        } catch (NoSuchFileException gone) {
            // A file leaves after its place, unless somebody has removed it.
            return !index.holds(place, hash, serial) || index.remove(place, hash) != serial;
        }
    }
}
