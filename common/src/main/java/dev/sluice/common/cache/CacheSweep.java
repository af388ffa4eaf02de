package dev.sluice.common.cache;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps a cache within its bounds: removes what nobody has used for long, then what was used
 * longest ago and least often until all fits, and files that no index knows. Answers that nobody
 * has asked for a second time go first as soon as they are more than a tenth: one look at each of
 * a million pages does not push out what everybody wants.
 *
 * <p>Made for one sweep, by a thread that may take its time.
 */
public final class CacheSweep {

    private static final int BUCKETS = 4096;
    /** What was asked for in so many seconds counts as if it had been so much later each time. */
    private static final long USES_MAX = 64;
    private static final long USE_S = 16;
    /** Of the size that is allowed, in percent: what a sweep leaves, and what may be new. */
    private static final int LEFT_PERCENT = 98;
    private static final int NEW_PERCENT = 10;
    /** A file may be on its way into the index for so long, and be written for much longer. */
    private static final long YOUNG_MS = 60_000;

    private final CacheFolder folder;
    private final CacheIndex index;
    private final long nowS;
    private final long[] once = new long[BUCKETS];
    private final long[] often = new long[BUCKETS];
    private long oldestS;
    private long stepS;
    private long totalKb;
    private long count;

    public CacheSweep(CacheFolder folder, long nowS) {
        this.folder = folder;
        this.index = folder.index();
        this.nowS = nowS;
    }

    /**
     * Removes what is too old or too much.
     *
     * @param sizeMax bytes
     * @param inactiveS how long an answer is kept that nobody asks for
     */
    public void run(long sizeMax, long inactiveS) {
        look(inactiveS);
        long maxKb = sizeMax >>> 10;
        if (totalKb <= maxKb) {
            return;
        }
        long tooMuch = totalKb - maxKb * LEFT_PERCENT / 100;
        measure();
        long onceKb = sum(once);
        long ofOnce = Math.min(tooMuch, Math.max(0, onceKb - maxKb * NEW_PERCENT / 100));
        int onceBefore = cut(once, ofOnce);
        int oftenBefore = cut(often, tooMuch - ofOnce);
        long left = tooMuch;
        for (long place = index.firstPlace(); place < index.placesEnd() && left > 0;
                place = index.nextPlace(place)) {
            if (index.serial(place) != 0 && bucket(place)
                    < (index.uses(place) == 0 ? onceBefore : oftenBefore)) {
                left -= index.sizeKb(place);
                evict(place);
            }
        }
    }

    private void look(long inactiveS) {
        oldestS = nowS;
        for (long place = index.firstPlace(); place < index.placesEnd();
                place = index.nextPlace(place)) {
            if (index.hash(place) == 0) {
                continue;
            }
            long lastUseS = index.lastUseS(place);
            if (nowS - lastUseS > inactiveS && index.claimedUntilS(place) <= nowS) {
                if (index.serial(place) == 0) {
                    index.forget(place);
                } else {
                    evict(place);
                }
            } else if (index.serial(place) != 0) {
                oldestS = Math.min(oldestS, lastUseS);
                totalKb += index.sizeKb(place);
                count++;
            }
        }
        stepS = (nowS + USES_MAX * USE_S - oldestS) / BUCKETS + 1;
    }

    private int bucket(long place) {
        long often = Math.min(USES_MAX, index.uses(place)) * USE_S;
        return Math.clamp((index.lastUseS(place) + often - oldestS) / stepS, 0, BUCKETS - 1);
    }

    private void measure() {
        for (long place = index.firstPlace(); place < index.placesEnd();
                place = index.nextPlace(place)) {
            if (index.serial(place) != 0) {
                (index.uses(place) == 0 ? once : often)[bucket(place)] += index.sizeKb(place);
            }
        }
    }

    private static long sum(long[] all) {
        long sum = 0;
        for (long one : all) {
            sum += one;
        }
        return sum;
    }

    /** Behind the last bucket that has to go. */
    private static int cut(long[] kb, long wanted) {
        long sum = 0;
        int bucket = 0;
        while (bucket < BUCKETS && sum < wanted) {
            sum += kb[bucket++];
        }
        return bucket;
    }

    private void evict(long place) {
        long hash = index.hash(place);
        long serial = hash == 0 ? 0 : index.remove(place, hash);
        if (serial != 0) {
            folder.discard(hash, serial);
            index.count(CacheIndex.Count.EVICTED);
        }
    }

    /** What was found to be stored: in KiB, before anything was removed for its size. */
    public long totalKb() {
        return totalKb;
    }

    public long answerCount() {
        return count;
    }

    /**
     * Removes files that nobody knows: of a process that was killed, or of an index that is gone.
     *
     * @return how many
     */
    public int removeOrphans() throws IOException {
        int removed = 0;
        try (DirectoryStream<Path> first = Files.newDirectoryStream(folder.path(), "[0-9a-f]*")) {
            for (Path outer : first) {
                if (outer.getFileName().toString().length() != 2) {
                    continue;
                }
                try (DirectoryStream<Path> second = Files.newDirectoryStream(outer)) {
                    for (Path inner : second) {
                        removed += removeIn(inner, false);
                    }
                }
            }
        }
        return removed + removeUnfinished();
    }

    /** Removes files that a process had not finished when it ended. @return how many */
    public int removeUnfinished() throws IOException {
        return removeIn(folder.unfinished(), true);
    }

    private int removeIn(Path directory, boolean all) throws IOException {
        int removed = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                boolean goes = all ? isOfTheDead(file)
                        : !folder.counts(file) && isOld(file);
                if (goes && Files.deleteIfExists(file)) {
                    removed++;
                }
            }
        }
        return removed;
    }

    /** The name begins with the number of the process that writes it. */
    private static boolean isOfTheDead(Path file) {
        String name = file.getFileName().toString();
        int end = name.indexOf('-');
        try {
            return end > 0
                    && ProcessHandle.of(Long.parseLong(name.substring(0, end))).isEmpty();
        } catch (NumberFormatException noNumber) {
            return true;
        }
    }

    private boolean isOld(Path file) throws IOException {
        return nowS * 1000 - Files.getLastModifiedTime(file).toMillis() > YOUNG_MS;
    }
}
