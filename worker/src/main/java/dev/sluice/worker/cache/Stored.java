package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheRecord;
import dev.sluice.worker.arena.KeyedHash;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.cache.rules.Directives;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.linux.Libc;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An answer that is stored, or on its way to be: its head in memory, in the form of a
 * {@link CacheRecord}, and its body behind that, or in a file. It grows until it is complete or
 * has failed.
 *
 * <p>Owner: event loop. Its memory is given back when nobody uses it and the tier has let it go.
 */
final class Stored {

    static final int NO_FILE = -1;
    private static final int STRIDE = 5;
    private static final byte[] GZIP = {'g', 'z', 'i', 'p'};

    /** Set anew, before anybody sees it, where Vary has its say. */
    long hash;
    /** 0 until it is known to the index. */
    long serial;
    long place;
    final Slab slab;
    private final SlabPool pool;
    /** Where the body begins in the slab, if it is there. */
    int bodyAt;
    /** Whether the body is in the slab; else it is in the file. */
    boolean inMemory;
    int fd = NO_FILE;
    /** Where the body begins in the file. */
    long fileBodyAt;
    /** Bytes of the body, {@code -1} while that is not known. */
    long bodyBytes;
    /** Bytes of the body that are there. */
    long available;
    boolean complete;
    boolean failed;
    /** Of its body, for {@code ClientStream.sameBody}; 0 until it is given first. */
    long bodySerial;
    /** Who has it in hands: it stays until none has. */
    int users;

    // What its head says, out of the record.
    long cameMs;
    long ageS;
    long lifetimeS;
    long whileRevalidateS;
    long ifErrorS;
    long lastModifiedS;
    int status;
    boolean mustRevalidate;
    boolean varies;
    long salt;
    /** With its quotes; null without. */
    byte[] etag;
    private byte[] opaque;
    private int[] lines;
    private int lineCount;
    /** Of each line, whether it is given only where the peer has been asked; null for none. */
    private boolean[] withheld;

    // Of the tier in memory.
    Stored next;
    Stored newer;
    Stored older;
    int frequency;
    boolean inTier;
    boolean inMain;
    /** Where it is among {@link HeldFiles}. */
    int heldAt;

    Stored(long hash, Slab slab, SlabPool pool) {
        this.hash = hash;
        this.slab = slab;
        this.pool = pool;
    }

    /** Whether it may, or might for a while, be given without asking for each request. */
    boolean isForAll() {
        return lifetimeS > 0 || whileRevalidateS > 0 && !mustRevalidate;
    }

    /** The head is complete in the slab; reads what it says. */
    void readHead() {
        ByteBuffer b = slab.bytes;
        bodyAt = CacheRecord.bodyAt(b, 0);
        cameMs = b.getLong(CacheRecord.CAME_MS);
        ageS = b.getLong(CacheRecord.AGE_S);
        lifetimeS = b.getLong(CacheRecord.LIFETIME_S);
        whileRevalidateS = b.getLong(CacheRecord.WHILE_REVALIDATE_S);
        ifErrorS = b.getLong(CacheRecord.IF_ERROR_S);
        lastModifiedS = b.getLong(CacheRecord.LAST_MODIFIED_S);
        status = b.getInt(CacheRecord.STATUS);
        int flags = b.getInt(CacheRecord.FLAGS);
        mustRevalidate = (flags & CacheRecord.MUST_REVALIDATE) != 0;
        varies = (flags & CacheRecord.VARIES) != 0;
        salt = b.getLong(CacheRecord.SALT);
        int etagLength = b.getInt(CacheRecord.ETAG_LENGTH);
        int etagAt = b.getInt(CacheRecord.ETAG_OFFSET);
        if (etagLength > 0 && etagAt >= 0 && etagAt + etagLength <= bodyAt) {
            etag = new byte[etagLength];
            b.get(etagAt, etag);
        }
        readLines(b, CacheRecord.headAt(b, 0), bodyAt);
        withheld = (flags & CacheRecord.WITHHOLDS) == 0 ? null : readWithheld(b);
    }

    private boolean[] readWithheld(ByteBuffer b) {
        Directives said = new Directives().clear();
        for (int i = 0; i < lineCount; i++) {
            if (lineId(i) == HeaderName.CACHE_CONTROL) {
                said.add(b, valueAt(i), valueLength(i));
            }
        }
        boolean[] lines = new boolean[lineCount];
        for (int i = 0; i < lineCount; i++) {
            lines[i] = said.withholds(b, nameAt(i), nameLength(i));
        }
        return lines;
    }

    /** Whether there are lines that are given only where the peer has been asked. */
    boolean withholds() {
        return withheld != null;
    }

    boolean withholds(int line) {
        return withheld != null && withheld[line];
    }

    private void readLines(ByteBuffer b, int from, int end) {
        lines = new int[STRIDE * 16];
        lineCount = 0;
        int at = from;
        while (at < end) {
            int lineEnd = AsciiBytes.indexOf(b, at, end, '\r');
            int colon = AsciiBytes.indexOf(b, at, lineEnd, ':');
            if (lineCount * STRIDE == lines.length) {
                lines = Arrays.copyOf(lines, lines.length * 2);
            }
            int i = lineCount++ * STRIDE;
            lines[i] = at;
            lines[i + 1] = colon - at;
            lines[i + 2] = Math.min(colon + 2, lineEnd);
            lines[i + 3] = lineEnd - lines[i + 2];
            lines[i + 4] = HeaderName.idOf(b, at, colon - at);
            at = lineEnd + 2;
        }
    }

    /** Finds the ETag that is among the lines, for the record. */
    void placeEtag() {
        for (int i = 0; i < lineCount; i++) {
            if (lineId(i) == HeaderName.ETAG) {
                slab.bytes.putInt(CacheRecord.ETAG_OFFSET, valueAt(i));
                slab.bytes.putInt(CacheRecord.ETAG_LENGTH, valueLength(i));
            }
        }
    }

    /** The body is that of another answer, in its file or in its memory. */
    void readBodyOf(Stored other) {
        inMemory = false;
        available = other.bodyBytes;
        fileBodyAt = other.fileBodyAt;
        fd = Libc.copy(other.fd);
    }

    int lineCount() {
        return lineCount;
    }

    int nameAt(int line) {
        return lines[line * STRIDE];
    }

    int nameLength(int line) {
        return lines[line * STRIDE + 1];
    }

    int valueAt(int line) {
        return lines[line * STRIDE + 2];
    }

    int valueLength(int line) {
        return lines[line * STRIDE + 3];
    }

    int lineId(int line) {
        return lines[line * STRIDE + 4];
    }

    /** Whether its body comes in this coding, and in no other one. */
    boolean isGzip() {
        boolean gzip = false;
        for (int i = 0; i < lineCount; i++) {
            if (lineId(i) == HeaderName.CONTENT_ENCODING) {
                gzip = !gzip && AsciiBytes.equalsIgnoreCase(slab.bytes, valueAt(i),
                        valueLength(i), GZIP);
            }
        }
        return gzip;
    }

    /** In seconds (RFC 9111 §4.2.3). */
    long ageAt(long nowMs) {
        return ageS + Math.max(0, nowMs - cameMs) / 1000;
    }

    /**
     * For how long it is fresh from now on, in seconds: above zero as long as it is fresh at all,
     * and below zero when it is not (RFC 9211 §2.5).
     */
    long ttlS(long nowMs) {
        long leftMs = (lifetimeS - ageS) * 1000 - Math.max(0, nowMs - cameMs);
        return leftMs > 0 ? (leftMs + 999) / 1000 : Math.min(-1, Math.floorDiv(leftMs, 1000));
    }

    /** When it was made, as far as is known, in seconds since 1970 (RFC 9110 §6.6.1). */
    long dateS() {
        long dateS = slab.bytes.getLong(CacheRecord.DATE_S);
        return dateS >= 0 ? dateS : cameMs / 1000;
    }

    /** When a condition compares dates: the answer's own, else when it was made or came. */
    long modifiedS() {
        return lastModifiedS >= 0 ? lastModifiedS : dateS();
    }

    /** The ETag without the mark of a weak one. */
    byte[] opaque() {
        if (opaque == null) {
            opaque = Arrays.copyOfRange(etag, 2, etag.length);
        }
        return opaque;
    }

    boolean hasKey(ByteBuffer key, int from, int length) {
        ByteBuffer b = slab.bytes;
        if (b.getInt(CacheRecord.KEY_LENGTH) != length) {
            return false;
        }
        return KeyedHash.equal(b, CacheRecord.keyAt(), key, from, length);
    }

    boolean ownedBy(SlabPool one) {
        return pool == one;
    }

    Stored use() {
        users++;
        return this;
    }

    void release() {
        assert users > 0;
        if (--users == 0 && !inTier) {
            free();
        }
    }

    void free() {
        pool.giveBack(slab);
        if (fd != NO_FILE) {
            Libc.close(fd);
            fd = NO_FILE;
        }
    }
}
