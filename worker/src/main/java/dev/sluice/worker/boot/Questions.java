package dev.sluice.worker.boot;

import dev.sluice.common.control.ControlMessage;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.watch.Tap;
import dev.sluice.worker.watch.Walk;
import dev.sluice.worker.watch.WatchFilter;
import dev.sluice.worker.watch.WatchedList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers what operators ask of this worker. Made when the first question comes.
 *
 * <p>Owner: event loop.
 */
final class Questions {

    private static final int TAPS_MAX = 8;
    private static final List<String> OF_CONNECTIONS =
            List.of("state", "client", "server", "location", "path", "upstream");
    private static final List<String> OF_EXCHANGES =
            List.of("client", "server", "location", "path", "status", "upstream");

    private final LoopContext ctx;
    private final DataPath path;
    private final ControlLink master;
    private final Map<Long, Walk> walks = new HashMap<>();
    private final Map<Long, Tap> taps = new HashMap<>();

    Questions(LoopContext ctx, DataPath path, ControlLink master) {
        this.ctx = ctx;
        this.path = path;
        this.master = master;
    }

    void asked(ControlMessage.Question question) {
        List<String> words = new ArrayList<>(List.of(question.words().split(" ")));
        try {
            switch (words.removeFirst()) {
                case "conns" -> conns(question.id(), words);
                case "tap" -> tap(question.id(), words);
                default -> throw new IllegalArgumentException("this worker does not know \""
                        + question.words() + "\"");
            }
        } catch (IllegalArgumentException wrong) {
            answer(question.id(), "? " + wrong.getMessage() + "\n", true);
        }
    }

    private void answer(long id, String text, boolean last) {
        if (last) {
            walks.remove(id);
        }
        master.say(new ControlMessage.Answer(id, last, text));
    }

    private void conns(long id, List<String> words) {
        List<WatchedList<?>> lists = new ArrayList<>(List.of(path.downstreams.rows()));
        if (path.streams != null) {
            lists.addAll(path.streams.rows());
        }
        if (path.detector != null) {
            lists.add(path.detector.rows());
        }
        Walk walk = new Walk(ctx.loop::execute, ctx.clock, lists,
                new WatchFilter(words, OF_CONNECTIONS),
                (text, last) -> answer(id, text, last));
        walks.put(id, walk);
        walk.start();
    }

    /** Words: how many, how many seconds, then the filter. */
    private void tap(long id, List<String> words) {
        if (taps.size() >= TAPS_MAX) {
            throw new IllegalArgumentException(TAPS_MAX + " others look on already");
        }
        int count = Integer.parseInt(words.removeFirst());
        int seconds = Integer.parseInt(words.removeFirst());
        Tap tap = new Tap(ctx, new WatchFilter(words, OF_EXCHANGES), count, seconds,
                master::isStuck, (text, last) -> {
                    if (last) {
                        close(id);
                    }
                    answer(id, text, last);
                });
        taps.put(id, tap);
        ctx.exchangeEnds = this::see;
        tap.start();
    }

    private void see(Object exchange) {
        // One that has enough leaves meanwhile.
        for (Tap tap : List.copyOf(taps.values())) {
            tap.see((Exchange) exchange);
        }
    }

    private void close(long id) {
        taps.remove(id);
        if (taps.isEmpty()) {
            ctx.exchangeEnds = null;
        }
    }

    void forget(ControlMessage.Forget message) {
        Walk walk = walks.remove(message.id());
        if (walk != null) {
            walk.stop();
        }
        Tap tap = taps.get(message.id());
        if (tap != null) {
            tap.stop();
            close(message.id());
        }
    }
}
