package dev.sluice.worker.tls;

import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.TicketConfig;
import dev.sluice.common.tickets.TicketSecret;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;
import io.netty.internal.tcnative.SessionTicketKey;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys of session tickets of all servers of this worker. They are made from a secret that all
 * workers have, so that each resumes what another has begun, and change with its periods. In use
 * are three at a time: this period's encrypts; the one before decrypts tickets that are still good;
 * the one after those of a worker whose clock has turned earlier.
 *
 * <p>Owner: event loop.
 */
final class TicketKeys extends Timed {

    private static final long NS_PER_MS = 1_000_000L;
    /** A deadline that is far away is looked at again this often: the clock may be set. */
    private static final long LOOK_MS = 60_000;
    private static final int NAME_BYTES = SessionTicketKey.NAME_SIZE;
    private static final int HMAC_BYTES = SessionTicketKey.HMAC_KEY_SIZE;

    private final LoopContext ctx;
    private final List<String> keyFiles;
    private final Set<TlsServer> servers = new LinkedHashSet<>();
    /** That of the period before this one; null when the keys come from files. */
    private TicketSecret before;
    /** What keys are made from, that of the one that encrypts first. */
    private List<TicketSecret> secrets;

    TicketKeys(TicketConfig config, HandedFiles handed, LoopContext ctx) {
        this.ctx = ctx;
        this.keyFiles = config.keyFiles();
        if (config.keyFiles().isEmpty()) {
            byte[] packed = handed.content(TicketSecret.NAME);
            // Without a master a worker resumes its own sessions.
            before = packed == null ? TicketSecret.random(config.timeoutMs(), ctx.clock.nowMs())
                    : TicketSecret.of(packed);
            walk();
        } else {
            read(handed);
        }
    }

    private void read(HandedFiles handed) {
        secrets = keyFiles.stream()
                .map(path -> TicketSecret.lasting(handed.content(path))).toList();
    }

    /** Files have changed, perhaps those of keys. */
    void renew(HandedFiles handed) {
        if (!keyFiles.isEmpty() && handed.hasAll(keyFiles)) {
            read(handed);
            servers.forEach(this::give);
        }
    }

    private void walk() {
        long nowMs = ctx.clock.nowMs();
        before = before.at(nowMs);
        TicketSecret now = before.next();
        secrets = List.of(now, before, now.next());
        long leftMs = Math.max(0, now.endsMs() - nowMs);
        ctx.timers.set(this, ctx.clock.nowNs() + Math.min(LOOK_MS, leftMs + 1) * NS_PER_MS);
    }

    @Override
    protected void onDeadline(long nowNs) {
        TicketSecret old = before;
        walk();
        if (before != old) {
            servers.forEach(this::give);
        }
    }

    /** From now on this server has keys. */
    void add(TlsServer server) {
        servers.add(server);
        give(server);
    }

    /** It is retired. */
    void remove(TlsProvider server) {
        servers.remove(server);
    }

    private void give(TlsServer server) {
        SessionTicketKey[] keys = new SessionTicketKey[secrets.size()];
        for (int i = 0; i < keys.length; i++) {
            byte[] key = secrets.get(i).derive(server.sessionContext(),
                    SessionTicketKey.TICKET_KEY_SIZE);
            keys[i] = new SessionTicketKey(Arrays.copyOf(key, NAME_BYTES),
                    Arrays.copyOfRange(key, NAME_BYTES, NAME_BYTES + HMAC_BYTES),
                    Arrays.copyOfRange(key, NAME_BYTES + HMAC_BYTES, key.length));
        }
        server.ticketKeys(keys);
    }
}
