package dev.sluice.worker.upstream;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;

/** Whoever holds a connection that is not idle. All calls come on the loop. */
public interface ConnectionUser {

    /**
     * The socket is connected and begins with a PROXY protocol header: write it. Called before
     * {@link #onConnected}, only where the transport asks for it.
     */
    void writePreface(ByteSink out);

    /** The connection is established: send. */
    void onConnected(PeerStream c);

    /** No address of the peer could be reached; the connection is closed and free already. */
    void onConnectFailed(ConnectFailure why);

    /** More can be read or written, or the peer has hung up. */
    void onPeerReady(PeerStream c);

    /** The deadline that was set has passed; the connection is still open. */
    void onPeerTimeout(PeerStream c, Termination why);
}
