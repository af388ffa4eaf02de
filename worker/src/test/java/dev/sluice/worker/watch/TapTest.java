package dev.sluice.worker.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tap has bounds, and says what it has not shown. */
final class TapTest {

    private final SteppedClock clock = new SteppedClock(0);
    private final LoopContext ctx = new LoopContext(
            new EventLoop("unused", clock, () -> { }), new SlabPool(1),
            CounterWriter.inMemory(1, 1), ErrorLog.NONE, 0, 1);
    private final RecordingStream client = new RecordingStream(ctx, null);
    private final StringBuilder shown = new StringBuilder();
    private boolean last;
    private boolean stuck;

    private Tap tap(int count, int seconds, String... filter) {
        Tap tap = new Tap(ctx, new WatchFilter(List.of(filter), List.of("client", "status")),
                count, seconds, () -> stuck, (text, isLast) -> {
                    shown.append(text);
                    last = isLast;
                });
        tap.start();
        return tap;
    }

    private void pass(long ms) {
        clock.stepMs(ms);
        ctx.clock.update();
        ctx.timers.advance(ctx.clock.nowNs());
    }

    private Exchange exchange() {
        if (client.exchange.state != ExchangeState.ENDED) {
            client.exchange.end();
        }
        return client.request("GET /a?key=hush HTTP/1.1\nHost: h\nCookie: hush\n"
                + "Referer: https://h/b?x=1&key=hush");
    }

    private long exchangesShown() {
        return shown.toString().lines().filter(line -> line.contains("\"GET /a?key=***\"")).count();
    }

    @Test
    void secretsAreHidden() {
        tap(1, 60).see(exchange());
        assertTrue(last);
        assertTrue(shown.toString().contains("  > Cookie: ***\n"), shown.toString());
        assertTrue(shown.toString().contains("  > Referer: https://h/b?x=1&key=***\n"),
                shown.toString());
        assertFalse(shown.toString().contains("hush"), shown.toString());
    }

    @Test
    void itEndsByNumberAndByTime() {
        Tap three = tap(3, 60);
        for (int i = 0; i < 5; i++) {
            three.see(exchange());
        }
        assertEquals(3, exchangesShown());
        assertTrue(last);
        last = false;
        tap(3, 2);
        pass(1_000);
        assertFalse(last);
        pass(2_000);
        assertTrue(last);
    }

    @Test
    void whatIsTooMuchIsCounted() {
        Tap tap = tap(100_000, 2);
        for (int i = 0; i < Tap.RATE_MAX + 20; i++) {
            tap.see(exchange());
        }
        pass(3_000);
        assertTrue(last);
        assertTrue(exchangesShown() <= Tap.RATE_MAX, "shown: " + exchangesShown());
        assertTrue(shown.toString().contains("exchanges of worker 0 are not shown"),
                shown.substring(Math.max(0, shown.length() - 200)));
    }

    @Test
    void nobodyWaitsForAReader() {
        stuck = true;
        Tap tap = tap(10, 1);
        tap.see(exchange());
        pass(2_000);
        assertEquals("! 1 exchanges of worker 0 are not shown: more than 500 a second,"
                + " or nobody read them\n", shown.toString());
    }

    @Test
    void onlyWhatTheFilterWants() {
        Tap tap = tap(10, 60, "client=10.0.0.0/8");
        tap.see(exchange());
        pass(300);
        assertEquals("", shown.toString());
    }
}
