package dev.sluice.worker.downstream;

import java.util.Arrays;

/**
 * The open streams of a connection, in no order. There are a hundred at most, so looking one up
 * goes through them.
 *
 * <p>Owner: event loop.
 */
final class Http2Streams {

    private Http2Stream[] streams = new Http2Stream[8];
    private int count;

    int count() {
        return count;
    }

    Http2Stream at(int place) {
        return streams[place];
    }

    /** Null when there is no such stream now. */
    Http2Stream find(int id) {
        for (int i = 0; i < count; i++) {
            if (streams[i].id == id) {
                return streams[i];
            }
        }
        return null;
    }

    void add(Http2Stream stream) {
        if (count == streams.length) {
            streams = Arrays.copyOf(streams, count * 2);
        }
        stream.index = count;
        streams[count++] = stream;
    }

    void remove(Http2Stream stream) {
        Http2Stream last = streams[--count];
        streams[count] = null;
        if (last != stream) {
            streams[stream.index] = last;
            last.index = stream.index;
        }
    }

    /** The client has changed the window of all streams. @return false when one overflows */
    boolean moveWindows(int difference) {
        for (int i = 0; i < count; i++) {
            long moved = (long) streams[i].sendWindow + difference;
            if (moved > Integer.MAX_VALUE) {
                return false;
            }
            streams[i].sendWindow = (int) moved;
        }
        return true;
    }
}
