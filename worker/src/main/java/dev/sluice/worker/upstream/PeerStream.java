package dev.sluice.worker.upstream;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.Slab;
import java.nio.ByteBuffer;

/**
 * The peer's side of one exchange. In HTTP/1 it is the connection itself, and bytes are bytes of
 * messages; in HTTP/2 it is one stream of many, heads are given apart and bytes are those of
 * bodies. Whoever uses it is a {@link ConnectionUser}.
 *
 * <p>Owner: event loop.
 */
public interface PeerStream {

    /** {@link #sendHead}: it was taken. */
    int HEAD_SENT = 0;
    /** {@link #sendHead}: there is no room now; {@link ConnectionUser#onPeerReady} follows. */
    int HEAD_WAITS = 1;
    /** {@link #sendHead}: it is longer than any room. */
    int HEAD_TOO_LARGE = 2;
    /** {@link #sendHead}: reading tells why nothing can be sent any more. */
    int HEAD_BROKEN = 3;

    UpstreamState state();

    void become(UpstreamState next);

    /** Whether an earlier exchange has used this connection, so that the peer may have left it. */
    boolean reused();

    boolean canRead();

    boolean canWrite();

    /**
     * Reads into memory of the caller, best with room for a record.
     *
     * @return bytes read, or WOULD_BLOCK, END or BROKEN of {@code SocketHandle}
     */
    int read(Slab into, int from, int limit);

    /** Writes from memory of the caller, lent until return. @return bytes taken, or BROKEN */
    int write(Slab source, int from, int limit);

    /** Output rests. */
    void allWritten();

    /** The peer sees the end of what is sent to it, and may send on: the end of a tunnel. */
    void endOutput();

    /** A write has failed: reading on tells whether the peer left an answer behind. */
    void lookForLastWords();

    /**
     * Whether what was idle is alive: for requests that must not be sent twice.
     */
    boolean isQuiet();

    /** Calls {@link ConnectionUser#onPeerTimeout} when nothing moves it until then. */
    void deadline(long atNs);

    void noDeadline();

    /** The exchange is over and nothing of it is left on the wire. */
    void keep();

    /** The exchange is given up; the object is free for another. */
    void discard();

    // ---- HTTP/2

    /**
     * Sends the head of a request, written as lines of HTTP/1 from byte 0 of the slab, which is
     * lent until return.
     *
     * @param to where the lines end
     * @param ends whether no body follows
     * @param trailers whether the client reads trailers
     * @param taker of the response's head
     */
    default int sendHead(Slab lines, int to, boolean ends, boolean trailers, HeadTaker taker) {
        throw new IllegalStateException("heads are bytes like others");
    }

    /**
     * What follows the body, as lines from byte 0; lent until return. Before {@link #endRequest}.
     */
    default void requestTrailers(ByteBuffer lines, int length) {
        // HTTP/1 has chunks for them, but peers that read them are not known.
    }

    /** The request's body has been written. */
    default void endRequest() {
        // The framing of HTTP/1 has said so.
    }

    /** Whether a head has come that was not taken yet; it counts as taken from here on. */
    default boolean takeHead() {
        return false;
    }

    /** Why it is broken; null when what {@link #read} answers says it all. */
    default Termination failure() {
        return null;
    }

    /** More about that; or null. */
    default String detail() {
        return null;
    }

    /** The response's trailers as lines, from byte 0; null without. Lent until the end. */
    default ByteBuffer trailers() {
        return null;
    }

    default int trailersLength() {
        return 0;
    }
}
