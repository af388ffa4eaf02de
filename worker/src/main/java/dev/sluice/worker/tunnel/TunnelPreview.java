package dev.sluice.worker.tunnel;

import dev.sluice.common.config.ConnectConfig;
import dev.sluice.worker.http.RequestHead;

/** What would become of a CONNECT, without asking for any name. Stateless; for who explains. */
public final class TunnelPreview {

    private TunnelPreview() {
    }

    /** Where a tunnel would lead, in words; null where it is refused. */
    public static String of(ConnectConfig config, RequestHead head) {
        TargetHost host = TargetHost.of(head);
        if (!new AllowedTargets(config.targets()).mayBegin(host, head.port)) {
            return null;
        }
        return host.address() != null
                ? "opened to " + host.address().getHostAddress() + " port " + head.port
                : "opened to port " + head.port + " of " + host.name()
                        + ", where connect_allow allows the address that it has";
    }
}
