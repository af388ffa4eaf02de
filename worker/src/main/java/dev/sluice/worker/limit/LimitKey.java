package dev.sluice.worker.limit;

import dev.sluice.common.config.LimitConfig;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.KeyedHash;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.match.AddressText;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.ByteBuffer;

/**
 * What tells the requests of a limit apart, as a hash that nobody outside can foresee. Addresses
 * count with their network where they are IPv6. Owner: event loop.
 */
final class LimitKey {

    /** {@link #hashOf}: the key is empty, so the request is not limited. */
    static final long NONE = 0;

    private static final String ADDRESS = "$remote_addr";
    private static final int ADDRESS_SALT = 6;
    private static final int TEXT_SALT = 1;

    private final Template template;
    private final WorkerScope scope;
    private final KeyedHash hash;
    /** Null when the key is not an address. */
    private final AddressText address;
    private final long highMask;
    private final long lowMask;

    LimitKey(LimitConfig limit, ZoneFile zone, WorkerScope scope) {
        this.template = Template.compile(limit.key(), scope);
        this.scope = scope;
        this.hash = new KeyedHash(zone.secret0(), zone.secret1());
        this.address = limit.key().equals(ADDRESS) ? new AddressText() : null;
        int bits = limit.ipv6PrefixBits();
        this.highMask = bits >= Long.SIZE ? -1 : -1L << (Long.SIZE - bits);
        this.lowMask = bits <= Long.SIZE ? 0 : -1L << (2 * Long.SIZE - bits);
    }

    long hashOf(Exchange x) {
        ByteSink sink = scope.scratch();
        template.append(x, sink);
        ByteBuffer bytes = sink.buffer();
        int length = sink.position();
        if (length == 0) {
            return NONE;
        }
        long salt = TEXT_SALT;
        if (address != null && address.parse(bytes, 0, length) && !address.isV4()) {
            bytes.putLong(0, address.high() & highMask);
            bytes.putLong(Long.BYTES, address.low() & lowMask);
            length = 2 * Long.BYTES;
            salt = ADDRESS_SALT;
        }
        long all = hash.hash(bytes, 0, length, salt);
        return all == NONE ? 1 : all;
    }
}
