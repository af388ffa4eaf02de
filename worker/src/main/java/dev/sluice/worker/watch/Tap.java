package dev.sluice.worker.watch;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Shows exchanges as they end, for an operator: bounded in number, time and rate. What is too much
 * is counted and not shown; nobody waits for it.
 *
 * <p>Owner: event loop.
 */
public final class Tap extends Timed {

    /** Exchanges a second of one worker. */
    static final int RATE_MAX = 500;

    private static final int EXCHANGE_CHARS_MAX = 8 * 1024;
    private static final int FLUSH_CHARS = 24 * 1024;
    private static final int REQUEST_CHARS_MAX = 2048;
    private static final long FLUSH_NS = 200_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final double NS_PER_SECOND = 1e9;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final LoopContext ctx;
    private final WatchFilter filter;
    private final BooleanSupplier stuck;
    private final BiConsumer<String, Boolean> answer;
    private final long endNs;
    private final int countMax;
    private final StringBuilder text = new StringBuilder();
    private int shown;
    private long dropped;
    private long secondNs;
    private int inSecond;
    private boolean ended;

    /**
     * @param seconds it lasts no longer
     * @param stuck whether what was said before has not been taken yet
     * @param answer is given lines, and whether they are the last
     */
    public Tap(LoopContext ctx, WatchFilter filter, int countMax, int seconds,
            BooleanSupplier stuck, BiConsumer<String, Boolean> answer) {
        this.ctx = ctx;
        this.filter = filter;
        this.countMax = countMax;
        this.stuck = stuck;
        this.answer = answer;
        this.secondNs = ctx.clock.nowNs();
        this.endNs = secondNs + seconds * SECOND_NS;
    }

    public void start() {
        ctx.timers.set(this, ctx.clock.nowNs() + FLUSH_NS);
    }

    /** Nobody wants to see more. */
    public void stop() {
        ended = true;
        ctx.timers.clear(this);
    }

    public boolean hasEnded() {
        return ended;
    }

    /** An exchange has ended; its heads are still there. */
    public void see(Exchange x) {
        if (ended || !filter.matches(x)) {
            return;
        }
        long nowNs = ctx.clock.nowNs();
        if (nowNs - secondNs >= SECOND_NS) {
            secondNs = nowNs;
            inSecond = 0;
        }
        if (++inSecond > RATE_MAX || stuck.getAsBoolean() || text.length() > FLUSH_CHARS) {
            dropped++;
            return;
        }
        int from = text.length();
        print(x);
        if (text.length() - from > EXCHANGE_CHARS_MAX) {
            text.setLength(from + EXCHANGE_CHARS_MAX);
            text.append("...\n");
        }
        if (++shown >= countMax) {
            end();
        }
    }

    private void print(Exchange x) {
        text.append(TIME.format(Instant.ofEpochMilli(x.startMs))).append(' ').append(x.status)
                .append(' ').append(String.format(Locale.ROOT, "%.3f",
                        x.durationNs() / NS_PER_SECOND)).append("s ")
                .append(x.termination.label()).append(' ').append(ShownExchange.client(x))
                .append(" server=").append(x.server == null ? "-" : x.server.name())
                .append(" location=").append(x.location == null || x.location.label.isEmpty()
                        ? "-" : x.location.label);
        if (x.upstreamAddress != null) {
            text.append(" upstream=").append(x.upstreamAddress).append(" upstream_status=")
                    .append(x.upstreamStatus);
        }
        text.append(" \"");
        ShownExchange.requestLine(x, text, REQUEST_CHARS_MAX);
        text.append("\"\n");
        ShownExchange.requestFields(x, "  > ", text);
        ShownExchange.answerFields(x, "  < ", text);
    }

    @Override
    protected void onDeadline(long nowNs) {
        if (nowNs - endNs >= 0) {
            end();
            return;
        }
        if (!text.isEmpty() && !stuck.getAsBoolean()) {
            answer.accept(text.toString(), false);
            text.setLength(0);
        }
        ctx.timers.set(this, nowNs + FLUSH_NS);
    }

    private void end() {
        stop();
        if (dropped > 0) {
            text.append("! ").append(dropped).append(" exchanges of worker ").append(ctx.slot)
                    .append(" are not shown: more than ").append(RATE_MAX)
                    .append(" a second, or nobody read them\n");
        }
        answer.accept(text.toString(), true);
    }
}
