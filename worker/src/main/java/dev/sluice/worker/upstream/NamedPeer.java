package dev.sluice.worker.upstream;

import dev.sluice.worker.dns.Answer;
import dev.sluice.worker.dns.NameWatch;
import dev.sluice.worker.loop.LoopContext;
import java.net.InetAddress;

/** A peer that is one for all addresses of its name. Owner: event loop. */
final class NamedPeer implements NameWatch.Listener {

    private final Peer peer;
    private final NameLog log;

    NamedPeer(LoopContext ctx, Upstream upstream, Peer peer) {
        this.peer = peer;
        this.log = new NameLog(ctx, upstream, peer.config);
    }

    @Override
    public void found(Answer answer) {
        InetAddress[] addresses = answer.targets().stream()
                .map(Answer.Target::address).toArray(InetAddress[]::new);
        peer.resolvedTo(PeerAddresses.inet(addresses, peer.config.port()));
    }

    @Override
    public void lost() {
        peer.unresolved();
    }

    @Override
    public void changed(NameWatch.State state, String reason) {
        log.changed(state, reason);
    }
}
