package dev.sluice.worker.limit;

import dev.sluice.common.config.LimitConfig;
import dev.sluice.common.config.LimitConfig.Fields;
import dev.sluice.common.config.LimitRate;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.exchange.LimitStatus;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.http.HeaderName;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The fields by which an answer tells of limits: RateLimit and RateLimit-Policy
 * (draft-ietf-httpapi-ratelimit-headers-10) of the limit that has the least left.
 * They are added to the answers of all locations: an error page may stand in another one. Written
 * at boot, then read-only.
 */
final class LimitFields {

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final LimitConfig[] limits;
    private final byte[][] names;
    private final byte[][] policies;

    LimitFields(List<LimitConfig> all) {
        limits = all.toArray(LimitConfig[]::new);
        names = new byte[limits.length][];
        policies = new byte[limits.length][];
        for (int i = 0; i < limits.length; i++) {
            LimitRate rate = limits[i].rate();
            if (rate == null) {
                // Of connections: there is nothing to tell.
                continue;
            }
            names[i] = ascii("\"" + limits[i].name() + "\"");
            policies[i] = ascii("\"" + limits[i].name() + "\";q=" + rate.count() + ";w="
                    + rate.periodMs() / 1000);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    HeaderToAdd[] headers() {
        return new HeaderToAdd[] {
            header("RateLimit-Policy", this::policy),
            header("RateLimit", this::remaining)
        };
    }

    private static HeaderToAdd header(String name, ValueTemplate value) {
        return new HeaderToAdd(ascii(name), HeaderName.idOf(name), value, true);
    }

    private void policy(Exchange x, ByteSink out) {
        if (tells(x)) {
            out.put(policies[x.limitPlace]);
        }
    }

    private void remaining(Exchange x, ByteSink out) {
        if (tells(x)) {
            out.put(names[x.limitPlace]).put(';').put('r').put('=').putDecimal(x.limitRemaining)
                    .put(';').put('t').put('=').putDecimal(seconds(x.limitResetNs));
        }
    }

    private boolean tells(Exchange x) {
        if (x.limitPlace < 0) {
            return false;
        }
        Fields fields = limits[x.limitPlace].fields();
        return fields == Fields.ON
                || fields == Fields.REJECTED && x.limitStatus == LimitStatus.REJECTED;
    }

    static long seconds(long ns) {
        return (ns + NS_PER_SECOND - 1) / NS_PER_SECOND;
    }
}
