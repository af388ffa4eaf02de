package dev.sluice.worker.upstream;

/** The peers that have failed one exchange already. Owner: event loop. */
public final class TriedPeers {

    /** More attempts than this are never made for one request. */
    public static final int MAX = 16;

    private final Peer[] peers = new Peer[MAX];
    private int count;

    public void add(Peer peer) {
        if (count < MAX) {
            peers[count++] = peer;
        }
    }

    public boolean isFull() {
        return count == MAX;
    }

    boolean has(Peer peer) {
        for (int i = 0; i < count; i++) {
            if (peers[i] == peer) {
                return true;
            }
        }
        return false;
    }

    public void clear() {
        while (count > 0) {
            peers[--count] = null;
        }
    }
}
