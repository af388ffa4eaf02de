package dev.sluice.module;

/**
 * Chooses the peer of a request, where an upstream says {@code balance = module NAME}. On the event
 * loop; must not block. One that throws, or chooses a peer that cannot be used, has failed: the
 * least busy peer is taken then.
 */
@FunctionalInterface
public interface PeerChooser {

    /** There is no peer that it wants to be used. */
    int NONE = -1;

    /**
     * @param upstream its name
     * @param key a hash of the text behind {@code NAME} in the configuration, 0 without
     * @return the place of a usable peer, or {@link #NONE}
     */
    int choose(String upstream, Peers peers, long key) throws Exception;
}
