package dev.sluice.common.cache;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A stored answer as it lies in its file, and in memory as far as it is kept there. All numbers are
 * little-endian; times are milliseconds since 1970 or seconds.
 *
 * <pre>
 *    0  magic with the version of this layout   64  how long it may be stale for errors, s
 *    8  CRC-32C of [16, end of the head)        72  bytes of the body
 *   16  hash of the key                         80  salt of its variants
 *   24  when it came, ms                        88  Date of the answer, s, or below zero
 *   32  how old it was then, s                  96  Last-Modified, s, or below zero
 *   40  how long it is fresh, s                104  bytes of: key u32, Vary names u32
 *   48  status u32, flags u32                  112  bytes of: head u32, tags u32
 *   56  how long while it is asked for, s      120  where the ETag is: offset u32, bytes u32
 *  128  key | names in Vary | tags, each with a blank behind it | lines of the head | body
 * </pre>
 *
 * Stateless.
 */
public final class CacheRecord {

    public static final long MAGIC = 0x0131_4543_4955_4c53L; // "SLUICE1" and a byte of its own
    public static final int FIXED_BYTES = 128;
    /** Head and all before the body fit into so much. */
    public static final int HEAD_BYTES_MAX = 60 * 1024;

    public static final int CHECKSUM = 8;
    public static final int HASH = 16;
    public static final int CAME_MS = 24;
    public static final int AGE_S = 32;
    public static final int LIFETIME_S = 40;
    public static final int STATUS = 48;
    public static final int FLAGS = 52;
    public static final int WHILE_REVALIDATE_S = 56;
    public static final int IF_ERROR_S = 64;
    public static final int BODY_BYTES = 72;
    public static final int SALT = 80;
    public static final int DATE_S = 88;
    public static final int LAST_MODIFIED_S = 96;
    public static final int KEY_LENGTH = 104;
    public static final int VARY_LENGTH = 108;
    public static final int HEAD_LENGTH = 112;
    public static final int TAGS_LENGTH = 116;
    public static final int ETAG_OFFSET = 120;
    public static final int ETAG_LENGTH = 124;

    /** It may not be used stale without asking. */
    public static final int MUST_REVALIDATE = 1;
    /** No answer, but what tells the answers of this key apart: names in Vary. */
    public static final int VARIES = 1 << 1;
    /** The fields that its no-cache names are for those alone who are answered by the peer. */
    public static final int WITHHOLDS = 1 << 2;

    private CacheRecord() {}

    /** Where the body begins, by the head at byte {@code at} of the buffer. */
    public static int bodyAt(ByteBuffer b, int at) {
        return FIXED_BYTES + b.getInt(at + KEY_LENGTH) + b.getInt(at + VARY_LENGTH)
                + b.getInt(at + TAGS_LENGTH) + b.getInt(at + HEAD_LENGTH);
    }

    public static int keyAt() {
        return FIXED_BYTES;
    }

    public static int varyAt(ByteBuffer b, int at) {
        return FIXED_BYTES + b.getInt(at + KEY_LENGTH);
    }

    public static int tagsAt(ByteBuffer b, int at) {
        return varyAt(b, at) + b.getInt(at + VARY_LENGTH);
    }

    public static int headAt(ByteBuffer b, int at) {
        return tagsAt(b, at) + b.getInt(at + TAGS_LENGTH);
    }

    /** Writes the magic and the checksum of a head that is complete. */
    public static void seal(ByteBuffer b, int at) {
        b.putLong(at, MAGIC);
        b.putLong(at + CHECKSUM, checksum(b, at, bodyAt(b, at)));
    }

    /**
     * Whether there is a whole head of this hash.
     *
     * @param length bytes that are there; all before the body when this is true
     */
    public static boolean isWhole(ByteBuffer b, int at, int length, long hash) {
        if (length < FIXED_BYTES || b.getLong(at) != MAGIC || b.getLong(at + HASH) != hash) {
            return false;
        }
        for (int field = KEY_LENGTH; field <= TAGS_LENGTH; field += 4) {
            int bytes = b.getInt(at + field);
            if (bytes < 0 || bytes > HEAD_BYTES_MAX) {
                return false;
            }
        }
        int bodyAt = bodyAt(b, at);
        return bodyAt <= length && b.getLong(at + CHECKSUM) == checksum(b, at, bodyAt)
                && b.getLong(at + BODY_BYTES) >= 0;
    }

    private static long checksum(ByteBuffer b, int at, int bodyAt) {
        CRC32C crc = new CRC32C();
        crc.update(b.slice(at + HASH, bodyAt - HASH));
        return crc.getValue();
    }
}
