package dev.sluice.worker.upstream;

import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.log.Level;
import dev.sluice.worker.dns.NameWatch;
import dev.sluice.worker.loop.LoopContext;

/** Tells once of each change of what is known of a name. Owner: event loop. */
final class NameLog {

    private final LoopContext ctx;
    private final String subject;
    private boolean wasBad;

    NameLog(LoopContext ctx, Upstream upstream, PeerConfig peer) {
        this.ctx = ctx;
        String what = peer.service() == null ? "host name \"" + peer.host() + "\""
                : "service \"" + peer.service() + "\"";
        this.subject = what + " of peer " + peer.text() + " in upstream " + upstream.name();
    }

    void changed(NameWatch.State state, String reason) {
        switch (state) {
            case UNKNOWN -> ctx.log.log(Level.WARN, subject
                    + " does not resolve (" + reason + "), the peer is down until it does");
            case STALE -> ctx.log.log(Level.WARN, subject
                    + " does not resolve now (" + reason + "), its last addresses are used on");
            case KNOWN -> {
                if (wasBad) {
                    ctx.log.log(Level.NOTICE, subject + " resolves again");
                }
            }
        }
        wasBad = state != NameWatch.State.KNOWN;
    }
}
