package dev.sluice.common.counters;

import java.util.Objects;

/** The two labels of a peer: its upstream's name and its address as written in the file. */
public record PeerLabel(String upstream, String peer) {
    public PeerLabel {
        Objects.requireNonNull(upstream);
        Objects.requireNonNull(peer);
    }
}
