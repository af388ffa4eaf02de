package dev.sluice.worker.boot;

import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.common.zones.ZonePlan;
import dev.sluice.common.zones.ZoneSpec;
import dev.sluice.worker.access.AccessGates;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.limit.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A location with all gates that a worker builds, and a request at them. Owner: one thread. */
final class GateHarness {

    /** A list that an operator might have, of which the client matches the last. */
    static final String ACCESS_LIST = "deny = 198.51.100.7 203.0.113.0/24\n"
            + "deny = 2001:db8::/32\nallow = 10.0.0.0/8 172.16.0.0/12\nallow = 192.0.2.0/24\n";
    /** More than any test asks for. */
    static final String LIMIT = "limit = clients\n";

    final RoutingHarness h;
    private final int requestBytes;

    /** @param keys of the location */
    GateHarness(Path folder, String keys) {
        SluiceConfig config = ConfigText.of("[limit clients]", "rate = 1000000r/s",
                "burst = 1000000", "size = 1m", "headers = on", "[server www]", "listen = 80",
                "[location www /]", "return = 200 text", keys);
        try {
            for (ZoneSpec spec : ZonePlan.of(config)) {
                ZoneFile.create(folder.resolve(spec.fileName()), spec, 0, new byte[16]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        h = new RoutingHarness(config, (ctx, scope, paths) -> new Gates(
                Limits.of(config, Limits.Zones.open(config, folder, 1), ctx, scope),
                new AccessGates(config, scope, paths), null, () -> null));
        h.send("GET /a HTTP/1.1\nHost: www.example.com");
        requestBytes = h.client.exchange.request.headLength;
    }

    /**
     * A whole exchange a millisecond later: parse, dispatch with its gates, answer, end.
     *
     * @return its status
     */
    int exchange() {
        h.clock.stepMs(1);
        h.ctx.clock.update();
        h.onRequest(h.client.again(requestBytes));
        h.client.exchange.end();
        return h.client.exchange.status;
    }
}
