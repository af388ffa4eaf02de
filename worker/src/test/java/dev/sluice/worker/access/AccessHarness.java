package dev.sluice.worker.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.Offload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * The way from a configuration text to an answer, with the gates of this package. What would be
 * done beside the loop waits until the test says so.
 */
final class AccessHarness implements Offload {

    /** Work that has been handed in. */
    final Deque<Supplier<Runnable>> work = new ArrayDeque<>();
    /** The same for tokens. */
    final Deque<Supplier<Runnable>> tokenWork = new ArrayDeque<>();
    private int offloads;
    /** How much work may wait. */
    int workMax = 10;
    /** Of the work beside the loop. */
    final SteppedClock sideClock = new SteppedClock(0);
    final RoutingHarness h;

    /** The text stands behind the head of a server at port 80 with files. */
    AccessHarness(Path directory, String text) {
        LoadedConfig loaded = ConfigLoader.loadText("""
                [server www]
                listen = 127.0.0.1:80
                root = .
                """ + text, directory);
        assertEquals(List.of(), loaded.errors());
        h = new RoutingHarness(loaded.config(), (ctx, scope, paths) -> {
            AccessGates access =
                    new AccessGates(loaded.config(), scope, paths, this::offload, sideClock);
            return one -> {
                Gate gate = access.gateFor(one);
                return gate == null ? Gate.NONE : new Gate[] {gate};
            };
        });
    }

    /** The first is asked for passwords, the second for tokens. */
    private Offload offload() {
        return offloads++ == 0 ? this : (loop, one) -> tokenWork.size() < workMax
                && tokenWork.add(one);
    }

    @Override
    public boolean submit(EventLoop loop, Supplier<Runnable> one) {
        return work.size() < workMax && work.add(one);
    }

    /** Does the work that waits, all of it. */
    void runWork() {
        while (!work.isEmpty() || !tokenWork.isEmpty()) {
            (work.isEmpty() ? tokenWork : work).remove().get().run();
        }
    }

    /** A request with a user and a password, begun. */
    Exchange begin(String target, String credentials) {
        Exchange x = h.client.request("GET " + target + " HTTP/1.1\nHost: a"
                + (credentials == null ? "" : "\nAuthorization: " + basic(credentials)));
        h.onRequest(x);
        return x;
    }

    /** The status of its answer. */
    int get(String target, String credentials) {
        begin(target, credentials);
        runWork();
        return h.client.finish().status();
    }

    static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(
                credentials.getBytes(StandardCharsets.UTF_8));
    }
}
