package dev.sluice.common.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * Removes answers by what their heads say: a key, the beginning of keys, a tag, or all. Each file
 * that counts is looked at, so it takes its time: about 20 us for each.
 *
 * <p>Made for one purge, by a thread that may take its time.
 */
public final class CachePurge {

    /** What answers are chosen by. */
    public enum By { KEY, PREFIX, TAG, ALL }

    /** Stands behind the key of a whole answer in the keys of its slices. */
    public static final String SLICE = " slice of ";
    private static final byte[] SLICE_BYTES = SLICE.getBytes(StandardCharsets.US_ASCII);

    private final CacheFolder folder;
    private final ByteBuffer head = ByteBuffer.allocate(CacheRecord.HEAD_BYTES_MAX + 4096)
            .order(ByteOrder.LITTLE_ENDIAN);

    public CachePurge(CacheFolder folder) {
        this.folder = folder;
    }

    /**
     * Removes what is stored, and has what is being fetched meanwhile not stored: it may have been
     * read from the peer before the change that the purge is for.
     *
     * @return how many answers were removed
     */
    public long run(By by, String word) {
        byte[] wanted = word.getBytes(StandardCharsets.ISO_8859_1);
        CacheIndex index = folder.index();
        long removed = 0;
        index.purgedAll();
        for (long place = index.firstPlace(); place < index.placesEnd();
                place = index.nextPlace(place)) {
            long hash = index.hash(place);
            long serial = index.serial(place);
            // What is being fetched has no key yet that could be read: it may be what is meant.
            boolean meant = hash != 0 && (serial == 0 ? index.claims().untilS(place) != 0
                    : by == By.ALL || matches(hash, serial, by, wanted));
            if (!meant) {
                continue;
            }
            long gone = index.invalidate(place, hash);
            if (gone != 0) {
                folder.discard(hash, gone);
                index.count(CacheIndex.Count.PURGED);
                removed++;
            }
        }
        return removed;
    }

    private boolean matches(long hash, long serial, By by, byte[] wanted) {
        head.clear();
        try (FileChannel channel = FileChannel.open(folder.file(hash, serial))) {
            while (head.hasRemaining() && channel.read(head, head.position()) > 0) {}
        } catch (IOException gone) {
            return false;
        }
        int length = head.position();
        if (!CacheRecord.isWhole(head, 0, length, hash)) {
            return true;
        }
        return switch (by) {
            case ALL -> true;
            case TAG -> hasTag(wanted);
            case PREFIX -> keyBegins(wanted, false);
            case KEY -> keyBegins(wanted, true);
        };
    }

    /** @param whole whether nothing may stand behind it but what tells slices apart */
    private boolean keyBegins(byte[] wanted, boolean whole) {
        int length = head.getInt(CacheRecord.KEY_LENGTH);
        return length >= wanted.length && keyHas(0, wanted)
                && (!whole || length == wanted.length
                || length > wanted.length + SLICE_BYTES.length
                && keyHas(wanted.length, SLICE_BYTES));
    }

    private boolean keyHas(int at, byte[] part) {
        for (int i = 0; i < part.length; i++) {
            if (head.get(CacheRecord.keyAt() + at + i) != part[i]) {
                return false;
            }
        }
        return true;
    }

    /** Tags have one blank behind each. */
    private boolean hasTag(byte[] wanted) {
        int at = CacheRecord.tagsAt(head, 0);
        int end = at + head.getInt(CacheRecord.TAGS_LENGTH);
        while (at < end) {
            int i = 0;
            while (i < wanted.length && at + i < end && head.get(at + i) == wanted[i]) {
                i++;
            }
            if (i == wanted.length && at + i < end && head.get(at + i) == ' ') {
                return true;
            }
            while (at < end && head.get(at) != ' ') {
                at++;
            }
            at++;
        }
        return false;
    }
}
