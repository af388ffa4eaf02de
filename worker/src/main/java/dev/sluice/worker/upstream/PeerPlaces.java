package dev.sluice.worker.upstream;

import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.log.Level;
import dev.sluice.common.zones.PeerTable;
import dev.sluice.worker.dns.Answer;
import dev.sluice.worker.dns.Answer.Target;
import dev.sluice.worker.dns.NameWatch;
import dev.sluice.worker.loop.LoopContext;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The peers of a {@code server} line with {@code resolve}: a fixed number of places, each of which
 * holds one address of the name or none. An address stays at its place as long as it is in the
 * answer, so that its health, its load and its idle connections go on; a place without address is a
 * peer that cannot be used. Balancers see a group whose size never changes.
 *
 * <p>Workers share what they know of a place, so each puts an address where the others have it: the
 * row of a place says which address it is about.
 *
 * <p>Owner: event loop.
 */
final class PeerPlaces implements NameWatch.Listener {

    final PeerConfig config;
    private final LoopContext ctx;
    private final NameLog log;
    private final String owner;
    private final Places primaries;
    /** For the SRV records behind the best priority; none when all of it is backup. */
    private final Places backups;
    private int dropped;

    /** @param peers in the order of {@link PeerConfig#places} */
    PeerPlaces(PeerConfig config, Upstream upstream, LoopContext ctx, List<Peer> peers) {
        this.config = config;
        this.ctx = ctx;
        this.log = new NameLog(ctx, upstream, config);
        this.owner = config.text() + " in upstream " + upstream.name();
        this.primaries = new Places(peers.subList(0, config.addressesMax()));
        this.backups = new Places(peers.subList(config.addressesMax(), peers.size()));
    }

    @Override
    public void found(Answer answer) {
        int left = primaries.assign(answer.targets().stream().filter(t -> !t.backup()).toList())
                + backups.assign(answer.targets().stream().filter(Target::backup).toList());
        // As in nginx, records of lower priority are not used where all of the line is backup.
        left = backups.peers.length == 0 && config.service() != null ? 0 : left;
        if (left != dropped && left > 0) {
            ctx.log.log(Level.WARN, left + " addresses of peer " + owner + " are not used, only "
                    + config.addressesMax() + ": raise resolve=N");
        }
        dropped = left;
    }

    @Override
    public void lost() {
        primaries.assign(List.of());
        backups.assign(List.of());
    }

    @Override
    public void changed(NameWatch.State state, String reason) {
        log.changed(state, reason);
    }

    /** Peers, and which address each stands for. */
    private final class Places {
        private final Peer[] peers;
        private final PeerAddresses[] held;

        Places(List<Peer> peers) {
            this.peers = peers.toArray(new Peer[0]);
            this.held = new PeerAddresses[this.peers.length];
        }

        /** @return how many found no place */
        int assign(List<Target> targets) {
            Map<String, Target> wanted = new LinkedHashMap<>();
            Map<String, PeerAddresses> addresses = new LinkedHashMap<>();
            targets.stream().map(t -> Map.entry(addressOf(t), t))
                    .sorted((a, b) -> a.getKey().text().compareTo(b.getKey().text()))
                    .forEach(e -> {
                        wanted.putIfAbsent(e.getKey().text(), e.getValue());
                        addresses.putIfAbsent(e.getKey().text(), e.getKey());
                    });
            for (int i = 0; i < peers.length; i++) {
                Target target = held[i] == null ? null : wanted.remove(held[i].text());
                if (target != null) {
                    peers[i].weigh(weightOf(target));
                } else if (held[i] != null) {
                    held[i] = null;
                    peers[i].vacate();
                }
            }
            int left = 0;
            for (Map.Entry<String, Target> one : wanted.entrySet()) {
                int place = freePlace(one.getKey());
                if (place < 0) {
                    left++;
                } else {
                    held[place] = addresses.get(one.getKey());
                    peers[place].becomes(held[place], weightOf(one.getValue()));
                }
            }
            return left;
        }

        private PeerAddresses addressOf(Target target) {
            return PeerAddresses.inet(new InetAddress[] {target.address()},
                    target.port() == 0 ? config.port() : target.port());
        }

        private int weightOf(Target target) {
            return config.service() == null ? config.weight() : target.weight();
        }

        /** Where other workers have this address, else where they have none, else any. */
        private int freePlace(String text) {
            long tag = PeerTable.key("", text);
            int place = -1;
            int best = 3;
            int home = peers.length == 0 ? 0 : Math.floorMod(tag, peers.length);
            for (int i = 0; i < peers.length; i++) {
                int at = (home + i) % peers.length;
                long theirs = peers[at].row.get(PeerTable.ADDRESS);
                int order = theirs == tag ? 0 : theirs == 0 ? 1 : 2;
                if (held[at] == null && order < best) {
                    best = order;
                    place = at;
                }
            }
            return place;
        }
    }
}
