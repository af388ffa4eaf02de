package dev.sluice.worker.proxy;

import dev.sluice.common.config.BalanceConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.balance.KeyHash;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.match.AddressText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What requests are balanced by, as a hash: the text of a template, or the network of the client:
 * the first three bytes of an IPv4 address, as nginx takes, and the first eight of an IPv6 address,
 * of which one client has all the others (RFC 6177; nginx takes all sixteen).
 *
 * <p>Owner: event loop.
 */
public final class BalanceKey {

    /** What a key has beyond this does not count. */
    private static final int BYTES_MAX = 8 * 1024;
    private static final long V4_NETWORK = ~0xffL;

    private final ValueTemplate template;
    private final ByteBuffer text =
            ByteBuffer.allocateDirect(BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteSink sink = new ByteSink();
    private final AddressText address = new AddressText();

    private BalanceKey(ValueTemplate template) {
        this.template = template;
    }

    /** Null when the method needs no key. */
    public static BalanceKey of(BalanceConfig balance, TemplateCompiler templates) {
        return switch (balance.method()) {
            case HASH -> new BalanceKey(templates.compile(balance.key()));
            case IP_HASH -> new BalanceKey(null);
            case MODULE -> balance.key() == null ? null
                    : new BalanceKey(templates.compile(balance.key()));
            default -> null;
        };
    }

    public long of(Exchange x) {
        sink.reset(text, 0, BYTES_MAX);
        if (template != null) {
            template.append(x, sink);
        } else {
            x.client.remoteAddress(sink);
            if (address.parse(text, 0, sink.position())) {
                long network = address.isV4() ? address.low() & V4_NETWORK : address.high();
                return KeyHash.mix(network + (address.isV4() ? 1 : 0));
            }
        }
        return KeyHash.of(text, 0, sink.position());
    }
}
