package dev.sluice.worker.access;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.DevicesConfig;
import dev.sluice.common.identity.DeviceList;
import dev.sluice.common.log.Level;
import dev.sluice.worker.exchange.ClientCertificate;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Offload;

/**
 * {@code lfdi_allow} and {@code lfdi_deny}: which devices may come, by the identifier that their
 * certificates give them (IEEE 2030.5-2018 §6.3.3). Each request is looked at, so a device that is
 * denied is out at once, whatever connections and sessions it has.
 *
 * <p>Built at boot; owner: event loop, except the files, which are the side thread's.
 */
final class DeviceCheck implements AccessCheck {

    private static final Denial NO_CERTIFICATE =
            Denial.of(403, Level.WARN, "no certificate says which device it is");

    private final DeviceFile allow;
    private final DeviceFile deny;
    private final Offload offload;
    private final LineBudget budget = new LineBudget();
    private DeviceList allowed;
    private DeviceList denied;
    private long lookedNs;
    private boolean looking;

    DeviceCheck(DevicesConfig config, Offload offload, Clock clock) {
        this.offload = offload;
        this.allow = config.allow() == null ? null : new DeviceFile(config.allow(), clock);
        this.deny = config.deny() == null ? null : new DeviceFile(config.deny(), clock);
        this.lookedNs = clock.nowNs();
        look();
        this.allowed = listOf(allow);
        this.denied = listOf(deny);
    }

    private void look() {
        if (allow != null) {
            allow.look();
        }
        if (deny != null) {
            deny.look();
        }
    }

    private static DeviceList listOf(DeviceFile file) {
        return file == null ? null : file.list();
    }

    @Override
    public Verdict check(Exchange x) {
        long nowNs = x.ctx.clock.nowNs();
        if (nowNs - lookedNs >= Source.LOOK_NS && !looking) {
            lookedNs = nowNs;
            lookAgain(x.ctx);
        }
        if (allow != null && allowed == null || deny != null && denied == null) {
            return new Denial(500, null, budget.level(x, Level.ERROR),
                    "the list of devices cannot be used", null);
        }
        TlsFacts tls = x.client.tls();
        ClientCertificate client = tls == null ? null : tls.client();
        if (client == null) {
            return allow == null ? null : NO_CERTIFICATE.at(budget.level(x, Level.WARN));
        }
        if (deny != null && denied.contains(client.fingerprint())) {
            return refused(x, client, "is denied");
        }
        if (allow != null && !allowed.contains(client.fingerprint())) {
            return refused(x, client, "is not among the devices that may come");
        }
        return null;
    }

    private Denial refused(Exchange x, ClientCertificate client, String why) {
        return new Denial(403, null, budget.level(x, Level.WARN),
                "device " + client.lfdi() + " " + why, null);
    }

    /** Reading is for the side thread; what it finds is taken over on the loop. */
    private void lookAgain(LoopContext ctx) {
        looking = offload.submit(ctx.loop, () -> {
            look();
            DeviceList nowAllowed = listOf(allow);
            DeviceList nowDenied = listOf(deny);
            String one = allow == null ? null : allow.complaint();
            String other = deny == null ? null : deny.complaint();
            return () -> {
                looking = false;
                allowed = nowAllowed;
                denied = nowDenied;
                complain(ctx, one);
                complain(ctx, other);
            };
        });
    }

    private static void complain(LoopContext ctx, String complaint) {
        if (complaint != null) {
            ctx.log.log(Level.WARN, complaint);
        }
    }
}
