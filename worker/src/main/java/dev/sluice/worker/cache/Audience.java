package dev.sluice.worker.cache;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.CacheStatus;
import dev.sluice.worker.http.HeaderTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Who wants the answer that a fetch brings. The first of them, the leader, gets it even if it is
 * for nobody else.
 *
 * <p>Owner: event loop; a part of its fetch.
 */
final class Audience {

    private final Fetch fetch;
    private final List<CacheReader> readers = new ArrayList<>();
    private CacheReader leader;

    Audience(Fetch fetch) {
        this.fetch = fetch;
    }

    /** @param first null for nobody */
    void begin(CacheReader first) {
        readers.clear();
        leader = first;
        if (first != null) {
            readers.add(first);
        }
    }

    void add(CacheReader one) {
        readers.add(one);
    }

    /** Null when nobody wants it any more, or nobody did. */
    CacheReader leader() {
        return leader;
    }

    /** @return whether it was the leader: the next one is now */
    boolean leave(CacheReader one) {
        readers.remove(one);
        if (one != leader) {
            return false;
        }
        leader = readers.isEmpty() ? null : readers.getFirst();
        return true;
    }

    /** All may begin with what the answer will bring. */
    void hint(HeaderTable fields) {
        for (int i = 0; i < readers.size(); i++) {
            readers.get(i).client().earlyHints(fields);
        }
    }

    /** All get the answer that is being recorded; those whom Vary keeps from it ask again. */
    void begin(Stored recorded, CacheStatus ofLeader) {
        passFacts();
        for (int i = readers.size() - 1; i >= 0; i--) {
            CacheReader one = readers.get(i);
            if (one == leader || fetch.facts.isFor(one.request())) {
                one.begin(recorded, one == leader ? ofLeader : CacheStatus.HIT, fetch);
            } else {
                readers.remove(i);
                one.again();
            }
        }
    }

    /** Nobody gets what has come: they get what is stored, or ask for themselves. */
    void refuse(int status) {
        if (fetch.facts.prefersStale(status)) {
            giveStale(fetch.facts.validation().old());
            return;
        }
        if (fetch.facts.isOfEmpty()) {
            fetch.facts.makeWay();
            askWhole();
            return;
        }
        fetch.facts.passed();
        if (fetch.facts.validation().isDropped()) {
            askAgain();
        } else {
            sendAllAlone(fetch.facts.isOfRange() ? Aside.SLICE : Aside.NOTHING);
        }
    }

    /** All get what is stored, however old. */
    private void giveStale(Stored old) {
        passFacts();
        leader = null;
        while (!readers.isEmpty()) {
            readers.removeLast().begin(old, CacheStatus.STALE, null);
        }
    }

    /**
     * Whether the leader gets what is not stored.
     *
     * @param ofRange whether it is the answer to a range that the leader has not asked for
     */
    boolean leaderTakes(boolean ofRange) {
        return leader != null && !ofRange && !leader.continues();
    }

    /** The answer is for nobody: all ask for themselves. */
    private void sendAllAlone(Aside why) {
        leader = null;
        sendOthersAlone(why);
    }

    /** What was stored is no more: all ask the cache anew. */
    private void askAgain() {
        leader = null;
        while (!readers.isEmpty()) {
            readers.removeLast().again();
        }
    }

    /** It has no part that could be stored: all ask the cache for the whole. */
    private void askWhole() {
        leader = null;
        while (!readers.isEmpty()) {
            CacheReader one = readers.removeFirst();
            if (one.continues()) {
                one.goAlone(CacheStatus.MISS, Aside.SLICE);
            } else {
                one.askWhole();
            }
        }
    }

    /** The answer is for the leader: the others ask for themselves. */
    void sendOthersAlone(Aside why) {
        for (int i = readers.size() - 1; i >= 0; i--) {
            CacheReader one = readers.get(i);
            if (one != leader) {
                readers.remove(i);
                one.goAlone(CacheStatus.MISS, why);
            }
        }
    }

    /** The log line of the leader tells of the peer. */
    void passFacts() {
        if (leader != null) {
            leader.passFacts(fetch.exchange);
        }
    }

    /** There is more to read, or there will be no more. */
    void grown() {
        for (int i = readers.size() - 1; i >= 0; i--) {
            readers.get(i).grown();
        }
    }

    boolean isEmpty() {
        return readers.isEmpty();
    }

    /** Whether all have what comes before this byte of the body, or do not want it. */
    boolean hasTaken(long to) {
        for (int i = 0; i < readers.size(); i++) {
            if (!readers.get(i).has(to)) {
                return false;
            }
        }
        return true;
    }

    /** Who has not got anything yet gets an error. */
    void cutWaiting(Termination reason) {
        for (int i = readers.size() - 1; i >= 0; i--) {
            if (readers.get(i).isWaiting()) {
                readers.remove(i).cut(reason);
            }
        }
        leader = null;
    }

    void cut(Termination reason) {
        leader = null;
        while (!readers.isEmpty()) {
            readers.removeLast().cut(reason);
        }
    }
}
