package dev.sluice.worker.module;

import dev.sluice.module.HeadHook;
import dev.sluice.module.LogHook;
import dev.sluice.module.RequestCopy;
import dev.sluice.module.RequestHook;
import dev.sluice.module.Verdict;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.loop.StallWatch;
import java.util.concurrent.Executor;

/**
 * The only place where code of modules is called for a request: it is lent what it may see, it is
 * watched, and nothing that it throws goes further.
 *
 * <p>Owner: event loop.
 */
final class HookCalls {

    final Verdicts verdicts;
    /** Has the loop do something; for other threads. */
    final Executor loop;
    private final ExchangeView view;
    private final HeadView heads = new HeadView();
    private final StallWatch watch;

    HookCalls(ExchangeView view, Verdicts verdicts, StallWatch watch, Executor loop) {
        this.loop = loop;
        this.view = view;
        this.verdicts = verdicts;
        this.watch = watch;
    }

    Verdict ask(Exchange x, RequestHook hook, Guard guard, HookPlace place) {
        view.lend(x);
        watch.enter(place);
        try {
            Verdict verdict = hook.onRequest(view);
            return verdict == null ? guard.failed(place, null, "its verdict is null") : verdict;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            return guard.failed(place, e, null);
        } finally {
            watch.leave();
            view.takeBack();
        }
    }

    RequestCopy copy(Exchange x) {
        view.lend(x);
        try {
            return HeadCopy.of(view, x);
        } finally {
            view.takeBack();
        }
    }

    /** What a hook has changed before it fails stays: a head is never cut. */
    void change(Exchange x, HeadHook hook, Guard guard, HookPlace place, ByteSink head, int from) {
        view.lend(x);
        heads.lend(head, from);
        watch.enter(place);
        try {
            hook.onHead(view, heads);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            guard.failed(place, e, null);
        } finally {
            watch.leave();
            heads.takeBack();
            view.takeBack();
        }
    }

    void tell(Exchange x, LogHook hook, Guard guard, HookPlace place) {
        view.lend(x);
        watch.enter(place);
        try {
            hook.onEnd(view);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            guard.failed(place, e, null);
        } finally {
            watch.leave();
            view.takeBack();
        }
    }
}
