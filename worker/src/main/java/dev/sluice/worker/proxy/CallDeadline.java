package dev.sluice.worker.proxy;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * When a call of gRPC has to be over by its caller's own word: {@code grpc-timeout}, up to eight
 * digits and a unit (gRPC over HTTP/2, "Timeout"). It goes on to the peer as it is.
 *
 * <p>Owner: event loop; a part of its {@link ProxyExchange}.
 */
final class CallDeadline extends Timed {

    private static final byte[] NAME = "grpc-timeout".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS_MAX = 8;
    private static final long NS_PER_S = 1_000_000_000L;
    static final long NONE = -1;
    /** A longer time, and there are some of thousands of years, counts as this: a year. */
    static final long LONGEST_NS = 365 * 86_400 * NS_PER_S;

    private final LoopContext ctx;
    private final ProxyExchange owner;

    CallDeadline(LoopContext ctx, ProxyExchange owner) {
        this.ctx = ctx;
        this.owner = owner;
    }

    void begin(Exchange x) {
        HeaderTable headers = x.request.headers;
        int i = headers.find(NAME);
        long timeoutNs = i < 0 ? NONE
                : parse(headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
        if (timeoutNs != NONE) {
            ctx.timers.set(this, ctx.clock.nowNs() + timeoutNs);
        }
    }

    /** @return nanoseconds, or NONE for what is no time */
    static long parse(ByteBuffer b, int at, int length) {
        int digits = length - 1;
        if (digits < 1 || digits > DIGITS_MAX) {
            return NONE;
        }
        long value = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = b.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return NONE;
            }
            value = value * 10 + digit;
        }
        long unitNs = switch (b.get(at + digits)) {
            case 'H' -> 3600 * NS_PER_S;
            case 'M' -> 60 * NS_PER_S;
            case 'S' -> NS_PER_S;
            case 'm' -> 1_000_000;
            case 'u' -> 1_000;
            case 'n' -> 1;
            default -> NONE;
        };
        return unitNs == NONE ? NONE
                : value > LONGEST_NS / unitNs ? LONGEST_NS : value * unitNs;
    }

    void end() {
        ctx.timers.clear(this);
    }

    @Override
    protected void onDeadline(long nowNs) {
        owner.deadlinePassed();
    }
}
