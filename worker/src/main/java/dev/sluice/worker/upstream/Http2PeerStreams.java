package dev.sluice.worker.upstream;

import java.util.Arrays;

/**
 * The streams of a connection to a peer, in no order. There are few, so looking one up goes
 * through them.
 *
 * <p>Owner: event loop.
 */
final class Http2PeerStreams {

    private Http2PeerStream[] streams = new Http2PeerStream[8];
    private int count;
    /** Where a round begins: each stream comes first once. */
    private int first;

    int count() {
        return count;
    }

    Http2PeerStream at(int place) {
        return streams[place];
    }

    /** Null when there is no such stream now. */
    Http2PeerStream find(int id) {
        for (int i = 0; i < count; i++) {
            if (streams[i].id == id) {
                return streams[i];
            }
        }
        return null;
    }

    void add(Http2PeerStream stream) {
        if (count == streams.length) {
            streams = Arrays.copyOf(streams, count * 2);
        }
        stream.index = count;
        streams[count++] = stream;
    }

    void remove(Http2PeerStream stream) {
        Http2PeerStream last = streams[--count];
        streams[count] = null;
        if (last != stream) {
            streams[stream.index] = last;
            last.index = stream.index;
        }
    }

    /** The peer has changed the window of all streams. @return whether one overflows */
    boolean moveWindows(int difference) {
        for (int i = 0; i < count; i++) {
            Http2PeerStream stream = streams[i];
            if (stream.id != 0) {
                long moved = (long) stream.sendWindow + difference;
                if (moved > Integer.MAX_VALUE) {
                    return true;
                }
                stream.sendWindow = (int) moved;
            }
        }
        return false;
    }

    /** A round begins with another stream than the last one. */
    void turn() {
        first = count == 0 ? 0 : (first + 1) % count;
    }

    /** The next of a round, of which some may have gone meanwhile. */
    Http2PeerStream inRound(int place) {
        return streams[(first + place) % count];
    }
}
