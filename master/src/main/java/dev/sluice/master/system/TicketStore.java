package dev.sluice.master.system;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.ServerTlsConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.TicketConfig;
import dev.sluice.common.tickets.TicketSecret;
import dev.sluice.master.loop.Timers;
import java.io.IOException;

/**
 * The secret that workers make the keys of session tickets from. It lies in a file of the run
 * directory that the master alone can read, so that an upgrade, or a master after one that was
 * killed, goes on with it; and it is made anew with time, so that what lies there never opens a
 * ticket that has expired. Owner: master loop.
 */
public final class TicketStore {

    private final OwnFile file;
    private final Clock clock;
    private final Timers timers;
    private TicketSecret secret;

    public TicketStore(RunDirectory run, Clock clock, Timers timers) {
        this.file = new OwnFile(run.root().resolve("tickets"));
        this.clock = clock;
        this.timers = timers;
    }

    /**
     * What the workers of this configuration get, see {@link TicketSecret#packed}.
     *
     * @return null when they need none
     */
    public byte[] packedFor(SluiceConfig config) throws IOException {
        TicketConfig tickets = tickets(config);
        if (tickets == null) {
            return null;
        }
        boolean first = secret == null;
        if (first) {
            secret = read();
        }
        if (secret == null || secret.periodMs() != tickets.timeoutMs()) {
            use(TicketSecret.random(tickets.timeoutMs(), clock.nowMs()));
        } else {
            use(secret.at(clock.nowMs()));
        }
        if (first) {
            walkLater();
        }
        return secret.packed();
    }

    private static TicketConfig tickets(SluiceConfig config) {
        for (ServerTlsConfig tls : config.clientTls()) {
            if (tls != null) {
                TicketConfig tickets = tls.tickets();
                return tickets.keyFiles().isEmpty() ? tickets : null;
            }
        }
        return null;
    }

    private void walkLater() {
        timers.afterMs(secret.periodMs(), () -> {
            try {
                use(secret.at(clock.nowMs()));
            } catch (IOException stays) {
                // The next worker that is started tells of it.
            }
            walkLater();
        });
    }

    private void use(TicketSecret now) throws IOException {
        secret = now;
        file.write(now.packed());
    }

    private TicketSecret read() throws IOException {
        byte[] packed = file.read();
        return packed == null ? null : TicketSecret.of(packed);
    }
}
