package dev.sluice.worker.boot;

import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.UpstreamConfig;
import java.net.InetAddress;
import java.util.List;

/**
 * The addresses whose requests are served however many others are: that of [admin], and those that
 * an upstream of the same configuration has for a peer. What comes there is a part of a request
 * that is being served, here or in another worker: if it waited for that one's end, neither would
 * ever end. Stateless.
 */
final class FreeAddresses {

    private FreeAddresses() {
    }

    /** By place of the listening address. */
    static boolean[] of(SluiceConfig config) {
        List<ListenConfig> listens = config.listenAddresses();
        boolean[] free = new boolean[listens.size()];
        for (int i = 0; i < free.length; i++) {
            ListenConfig listen = listens.get(i);
            free[i] = isAdmin(config, listen) || isPeer(config, listen);
        }
        return free;
    }

    private static boolean isAdmin(SluiceConfig config, ListenConfig listen) {
        return config.admin() != null && config.admin().listens().stream()
                .anyMatch(one -> one.key().equals(listen.key()));
    }

    private static boolean isPeer(SluiceConfig config, ListenConfig listen) {
        for (UpstreamConfig upstream : config.upstreams()) {
            for (PeerConfig peer : upstream.peers()) {
                if (leadsTo(peer, listen)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean leadsTo(PeerConfig peer, ListenConfig listen) {
        if (peer.unixPath() != null || listen.unixPath() != null) {
            return peer.unixPath() != null && peer.unixPath().equals(listen.unixPath());
        }
        if (peer.port() != listen.port() || peer.named() && !peer.host().equals("localhost")) {
            return false;
        }
        InetAddress at = InetAddress.ofLiteral(listen.host());
        InetAddress to = peer.named() ? InetAddress.getLoopbackAddress()
                : InetAddress.ofLiteral(peer.host());
        return to.equals(at)
                || to.isLoopbackAddress() && (at.isAnyLocalAddress() || at.isLoopbackAddress());
    }
}
