package dev.sluice.worker.downstream;

/**
 * The streams of a connection that have something to send, in their turn. The links are in the
 * streams.
 *
 * <p>Owner: event loop.
 */
final class Http2Queue {

    private Http2Stream first;
    private Http2Stream last;

    boolean isEmpty() {
        return first == null;
    }

    Http2Stream first() {
        return first;
    }

    /** Puts it to the end, unless it is in the queue. */
    void add(Http2Stream stream) {
        if (stream.ready) {
            return;
        }
        stream.ready = true;
        stream.nextReady = null;
        if (first == null) {
            first = stream;
        } else {
            last.nextReady = stream;
        }
        last = stream;
    }

    Http2Stream poll() {
        Http2Stream stream = first;
        first = stream.nextReady;
        stream.nextReady = null;
        stream.ready = false;
        return stream;
    }

    void remove(Http2Stream stream) {
        if (!stream.ready) {
            return;
        }
        Http2Stream before = null;
        for (Http2Stream at = first; at != stream; at = at.nextReady) {
            before = at;
        }
        if (before == null) {
            first = stream.nextReady;
        } else {
            before.nextReady = stream.nextReady;
        }
        if (last == stream) {
            last = before;
        }
        stream.ready = false;
        stream.nextReady = null;
    }

    void clear() {
        while (first != null) {
            poll();
        }
        last = null;
    }
}
