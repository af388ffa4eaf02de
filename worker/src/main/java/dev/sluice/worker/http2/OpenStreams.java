package dev.sluice.worker.http2;

import java.util.Arrays;

/**
 * The streams of a connection, in no order. There are a hundred or so at most, so looking one up
 * goes through them.
 *
 * <p>Owner: event loop.
 *
 * @param <S> the streams of this side
 */
public final class OpenStreams<S extends OpenStreams.Member> {

    /** A stream as its connection knows it. */
    public interface Member {

        /** 0 until it has one. */
        int streamId();

        /** Its place in the table, which writes it. */
        int place();

        void place(int now);

        /** The other side has changed the window of all streams. @return false: it overflows */
        boolean moveWindow(int difference);
    }

    private Member[] streams = new Member[8];
    private int count;
    /** Where a round begins: each stream comes first once. */
    private int first;

    public int count() {
        return count;
    }

    @SuppressWarnings("unchecked")
    public S at(int place) {
        return (S) streams[place];
    }

    /** Null when there is no such stream now. */
    public S find(int id) {
        for (int i = 0; i < count; i++) {
            if (streams[i].streamId() == id) {
                return at(i);
            }
        }
        return null;
    }

    public void add(S stream) {
        if (count == streams.length) {
            streams = Arrays.copyOf(streams, count * 2);
        }
        stream.place(count);
        streams[count++] = stream;
    }

    public void remove(S stream) {
        Member last = streams[--count];
        streams[count] = null;
        if (last != stream) {
            streams[stream.place()] = last;
            last.place(stream.place());
        }
    }

    /** Moves the windows of all (RFC 9113 §6.9.2). @return false when one overflows */
    public boolean moveWindows(int difference) {
        for (int i = 0; i < count; i++) {
            if (!streams[i].moveWindow(difference)) {
                return false;
            }
        }
        return true;
    }

    /** A round begins with another stream than the last one. */
    public void turn() {
        first = count == 0 ? 0 : (first + 1) % count;
    }

    /** The next of a round, of which some may have gone meanwhile. */
    public S inRound(int place) {
        return at((first + place) % count);
    }
}
