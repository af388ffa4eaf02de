package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheRecord;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.cache.rules.HeadMerge;
import dev.sluice.worker.cache.rules.VaryKey;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;

/**
 * Whether what is stored and too old holds still (RFC 9111 §4.3): the question to the peer, and
 * what comes of its 304. A 304 that is of another answer changes nothing that is stored (§4.3.4):
 * that is removed, and whoever waits asks anew.
 *
 * <p>Owner: event loop; a part of its fetch.
 */
final class Validation {

    private enum State {
        /** The peer is not asked for it. */
        NONE,
        /** It is, by at least one validator. */
        ASKED,
        /** It holds still, and its head is renewed. */
        HOLDS,
        /** The 304 is of another answer, or there is no room for what has become of the head. */
        DROPPED
    }

    private static final int NOT_MODIFIED = 304;
    private static final int WEAK_BYTES = 2;

    private final Fetch fetch;
    private final Cache cache;
    private State state = State.NONE;
    private Stored old;

    Validation(Fetch fetch) {
        this.fetch = fetch;
        this.cache = fetch.cache;
    }

    /** @param stale of which this makes a use of its own; null when nothing is stored */
    void begin(Stored stale) {
        old = stale == null ? null : stale.use();
        state = State.NONE;
    }

    /** Lets the peer say that it holds still, by both validators (RFC 9111 §4.3.1). */
    void addConditions() {
        if (old == null) {
            return;
        }
        ByteBuffer b = old.slab.bytes;
        for (int i = 0; i < old.lineCount(); i++) {
            int id = old.lineId(i);
            int condition = id == HeaderName.ETAG ? HeaderName.IF_NONE_MATCH
                    : id == HeaderName.LAST_MODIFIED ? HeaderName.IF_MODIFIED_SINCE : 0;
            if (condition != 0
                    && fetch.addField(condition, b, old.valueAt(i), old.valueLength(i))) {
                state = State.ASKED;
            }
        }
    }

    boolean isAnsweredBy(int status) {
        return state == State.ASKED && status == NOT_MODIFIED;
    }

    /**
     * Merges what is stored with the head of a 304, as whose lines those of that follow.
     *
     * @return whether it holds still
     */
    boolean confirm(HeaderTable headers, HeadLines lines) {
        if (!isOfStored(headers) || !variesAsStored(headers)) {
            return drop();
        }
        ByteSink out = fetch.recorder.begin(old.hash);
        if (out == null) {
            return drop();
        }
        ByteBuffer b = old.slab.bytes;
        int head = CacheRecord.headAt(b, 0);
        out.put(b, CacheRecord.FIXED_BYTES, head - CacheRecord.FIXED_BYTES);
        ByteBuffer record = out.buffer();
        for (int field = CacheRecord.KEY_LENGTH; field <= CacheRecord.TAGS_LENGTH; field += 4) {
            record.putInt(field, b.getInt(field));
        }
        record.putLong(CacheRecord.SALT, old.salt);
        int linesFrom = out.position();
        HeadMerge.copyKept(b, head, old.bodyAt, headers, out);
        lines.begin(out, linesFrom, true);
        if (out.overflowed()) {
            return drop();
        }
        state = State.HOLDS;
        return true;
    }

    private boolean drop() {
        state = State.DROPPED;
        cache.remove(old.hash);
        return false;
    }

    /**
     * Whether the 304 names the tag that is stored, or none. The mark of a weak one is no
     * difference: a peer that codes what it sends puts it on whole answers alone.
     */
    private boolean isOfStored(HeaderTable headers) {
        int i = headers.find(HeaderName.ETAG);
        if (i < 0) {
            return true;
        }
        if (old.etag == null) {
            return false;
        }
        ByteBuffer b = headers.buffer();
        int skipped = weakBytes(b, headers.valueOffset(i), headers.valueLength(i));
        ByteBuffer tag = ByteBuffer.wrap(old.etag);
        int ofStored = weakBytes(tag, 0, old.etag.length);
        int length = headers.valueLength(i) - skipped;
        return length == old.etag.length - ofStored
                && tag.slice(ofStored, length).equals(
                        b.slice(headers.valueOffset(i) + skipped, length));
    }

    private static int weakBytes(ByteBuffer b, int at, int length) {
        return length > WEAK_BYTES && b.get(at) == 'W' && b.get(at + 1) == '/' ? WEAK_BYTES : 0;
    }

    /** What is stored is found by the fields that its Vary names: others would not find it. */
    private boolean variesAsStored(HeaderTable headers) {
        if (fetch.plan.policy.ignoresVary() || !headers.has(HeaderName.VARY)) {
            return true;
        }
        ByteSink names = cache.keySink();
        VaryKey.names(headers, names);
        ByteBuffer b = old.slab.bytes;
        return !names.overflowed() && AsciiBytes.rangesEqualIgnoreCase(cache.key, 0,
                names.position(), b, CacheRecord.varyAt(b, 0),
                b.getInt(CacheRecord.VARY_LENGTH));
    }

    /** What is stored, as the 304 has changed it. */
    HeaderTable merged(HeaderTable headers) {
        return new MergedFields(old).with(headers);
    }

    /**
     * The lines of the 304 are complete; the body is that of the stored answer.
     *
     * @return false when there was no memory for it
     */
    boolean endHead() {
        Stored s = fetch.recorder.stored;
        if (!fetch.facts.endHead(old.bodyBytes)) {
            return false;
        }
        if (s.etag == null && old.etag != null) {
            s.etag = old.etag;
            s.placeEtag();
        }
        if (old.inMemory && old.bodyBytes <= fetch.recorder.room()) {
            fetch.recorder.copy(old.slab.bytes, old.bodyAt, (int) old.bodyBytes);
        } else {
            s.readBodyOf(old);
        }
        s.complete = true;
        return true;
    }

    // ---- questions

    /** What is stored and too old; null without. */
    Stored old() {
        return old;
    }

    /** Whether the peer has said that it holds still. */
    boolean holds() {
        return state == State.HOLDS;
    }

    /** Whether the peer has answered by a 304. */
    boolean isAnswered() {
        return state.compareTo(State.ASKED) > 0;
    }

    /** Whether it is stored no longer, for what the peer has said. */
    boolean isDropped() {
        return state == State.DROPPED;
    }

    /** What is stored is let go. */
    void end() {
        if (old != null) {
            old.release();
            old = null;
        }
    }
}
