package dev.sluice.worker.upstream;

import dev.sluice.common.counters.Termination;

/** Whoever holds a connection that is not idle. All calls come on the loop. */
public interface ConnectionUser {

    /** The connection is established: send. */
    void onConnected(UpstreamConnection c);

    /** No address of the peer could be reached; the connection is closed and free already. */
    void onConnectFailed(ConnectFailure why);

    /** More can be read or written, or the peer has hung up. */
    void onPeerReady(UpstreamConnection c);

    /** The deadline that was set has passed; the connection is still open. */
    void onPeerTimeout(UpstreamConnection c, Termination why);
}
