package dev.sluice.worker.module;

import dev.sluice.module.BodyHook;
import dev.sluice.module.BodyPeekHook;
import dev.sluice.module.ConnectHook;
import dev.sluice.module.Connection;
import dev.sluice.module.ErrorHook;
import dev.sluice.module.HeadHook;
import dev.sluice.module.LogHook;
import dev.sluice.module.PeerChooser;
import dev.sluice.module.Peers;
import dev.sluice.module.RequestBodyHook;
import dev.sluice.module.RequestCopy;
import dev.sluice.module.RequestHook;
import dev.sluice.module.ResponseBodyHook;
import dev.sluice.module.TimerHook;
import dev.sluice.module.TlsPeer;
import dev.sluice.module.TlsPeerHook;
import dev.sluice.module.VariableHook;
import dev.sluice.module.Verdict;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.loop.StallWatch;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

/**
 * The only place where code of modules is called for a request: it is lent what it may see, it is
 * watched, and nothing that it throws goes further.
 *
 * <p>Owner: event loop.
 */
final class HookCalls {

    /** {@link #choose}: the balancer has failed. */
    static final int CHOOSES_NOTHING = -2;

    final Verdicts verdicts;
    /** Has the loop do something; for other threads. */
    final Executor loop;
    private final Views views;
    private final HeadViews heads = new HeadViews();
    private final StallWatch watch;
    /** A variable may be asked for within another hook. */
    private int depth;

    HookCalls(Views views, Verdicts verdicts, StallWatch watch, Executor loop) {
        this.loop = loop;
        this.views = views;
        this.verdicts = verdicts;
        this.watch = watch;
    }

    private ExchangeView enter(Exchange x, HookPlace place) {
        if (depth++ == 0) {
            watch.enter(place);
        }
        return views.lend(x);
    }

    private void leave(ExchangeView view, HookPlace place, long fromNs) {
        view.takeBack();
        if (--depth == 0) {
            watch.leave();
        }
        place.end(fromNs);
    }

    Verdict ask(Exchange x, RequestHook hook, Guard guard, HookPlace place) {
        ExchangeView view = enter(x, place);
        long fromNs = place.begin();
        try {
            Verdict verdict = hook.onRequest(view);
            return verdict == null ? guard.failed(place, null, "its verdict is null") : verdict;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            return guard.failed(place, e, null);
        } finally {
            leave(view, place, fromNs);
        }
    }

    /** @return null where more of the body is wanted and may come */
    Verdict askOfPeek(Exchange x, BodyPeekHook hook, Guard guard, HookPlace place,
            ByteBuffer bytes, boolean complete) {
        ExchangeView view = enter(x, place);
        long fromNs = place.begin();
        try {
            Verdict verdict = hook.onBytes(view, bytes, complete);
            return verdict == null && complete
                    ? guard.failed(place, null, "its verdict is null") : verdict;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            return guard.failed(place, e, null);
        } finally {
            leave(view, place, fromNs);
        }
    }

    /** @return false for one that is refused, or when the hook has failed */
    boolean admits(Connection connection, ConnectHook hook, Guard guard, HookPlace place) {
        long fromNs = enter(place);
        try {
            return hook.admits(connection);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            return guard.failed(place, e, null) == Verdict.NEXT;
        } finally {
            leave(place, fromNs);
        }
    }

    /** {@code FORBID} when the hook has failed, unless its module may fail open. */
    TlsPeerHook.Answer judge(TlsPeer peer, TlsPeerHook hook, Guard guard, HookPlace place) {
        long fromNs = enter(place);
        Verdict instead;
        try {
            TlsPeerHook.Answer answer = hook.onPeer(peer);
            if (answer != null) {
                return answer;
            }
            instead = guard.failed(place, null, "its answer is null");
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            instead = guard.failed(place, e, null);
        } finally {
            leave(place, fromNs);
        }
        return instead == Verdict.NEXT ? TlsPeerHook.Answer.ADMIT : TlsPeerHook.Answer.FORBID;
    }

    private long enter(HookPlace place) {
        if (depth++ == 0) {
            watch.enter(place);
        }
        return place.begin();
    }

    private void leave(HookPlace place, long fromNs) {
        if (--depth == 0) {
            watch.leave();
        }
        place.end(fromNs);
    }

    void tick(TimerHook hook, Guard guard, HookPlace place) {
        long fromNs = enter(place);
        try {
            hook.onTime();
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            guard.failed(place, e, null);
        } finally {
            leave(place, fromNs);
        }
    }

    Verdict askOfError(Exchange x, int status, ErrorHook hook, Guard guard, HookPlace place) {
        ExchangeView view = enter(x, place);
        long fromNs = place.begin();
        try {
            Verdict verdict = hook.onError(view, status);
            if (verdict == null || verdict instanceof Verdict.Suspend) {
                guard.failed(place, null, "a hook for errors answers " + verdict);
                return Verdict.NEXT;
            }
            return verdict;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            guard.failed(place, e, null);
            // It is an error already: on_error has nothing to add.
            return Verdict.NEXT;
        } finally {
            leave(view, place, fromNs);
        }
    }

    Verdict askOfBody(Exchange x, RequestBodyHook hook, Guard guard, HookPlace place,
            BodyBuffer body, BodyBuffer output) {
        ExchangeView view = enter(x, place);
        long fromNs = place.begin();
        output.open();
        try {
            Verdict verdict = hook.onBody(view, body.all(), output);
            return verdict == null ? guard.failed(place, null, "its verdict is null") : verdict;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            output.clear();
            return guard.failed(place, e, null);
        } finally {
            output.close();
            leave(view, place, fromNs);
        }
    }

    /** @return false when the hook has failed; nothing is in the output then */
    boolean pass(Exchange x, BodyHook hook, Guard guard, HookPlace place, ByteBuffer piece,
            boolean last, BodyBuffer output) {
        ExchangeView view = enter(x, place);
        long fromNs = place.begin();
        output.open();
        try {
            hook.onPiece(view, piece, last, output);
            return true;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            output.clear();
            guard.failed(place, e, null);
            return false;
        } finally {
            output.close();
            leave(view, place, fromNs);
        }
    }

    /** As {@link #pass}, with the whole body. */
    boolean passWhole(Exchange x, ResponseBodyHook hook, Guard guard, HookPlace place,
            BodyBuffer body, BodyBuffer output) {
        return pass(x, (view, all, last, out) -> hook.onBody(view, all, out), guard, place,
                body.all(), true, output);
    }

    /** Null for no value. */
    String value(Exchange x, VariableHook hook, Guard guard, HookPlace place) {
        ExchangeView view = enter(x, place);
        long fromNs = place.begin();
        try {
            String value = hook.value(view);
            if (value != null) {
                HeadView.checkValue("a variable", value);
            }
            return value;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            guard.failed(place, e, null);
            return null;
        } finally {
            leave(view, place, fromNs);
        }
    }

    /** A place of {@code peers}, {@code NONE}, or {@link #CHOOSES_NOTHING} when it has failed. */
    int choose(PeerChooser chooser, String upstream, Peers peers, long key, Guard guard,
            HookPlace place) {
        long fromNs = enter(place);
        try {
            int chosen = chooser.choose(upstream, peers, key);
            if (chosen == PeerChooser.NONE
                    || chosen >= 0 && chosen < peers.count() && peers.usable(chosen)) {
                return chosen;
            }
            guard.failed(place, null, "the peer at " + chosen + " cannot be used");
            return CHOOSES_NOTHING;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            guard.failed(place, e, null);
            return CHOOSES_NOTHING;
        } finally {
            leave(place, fromNs);
        }
    }

    RequestCopy copy(Exchange x) {
        ExchangeView view = views.lend(x);
        try {
            return HeadCopy.of(view, x);
        } finally {
            view.takeBack();
        }
    }

    /** A head whose hook fails is as it was before. */
    void change(Exchange x, HeadHook hook, Guard guard, HookPlace place, ByteSink head, int from) {
        HeadView lent = heads.lend(head, from);
        ExchangeView view = enter(x, place);
        long fromNs = place.begin();
        try {
            hook.onHead(view, lent);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            guard.failed(place, e, null);
            lent.restore();
        } finally {
            leave(view, place, fromNs);
            lent.takeBack();
        }
    }

    void tell(Exchange x, LogHook hook, Guard guard, HookPlace place) {
        ExchangeView view = enter(x, place);
        long fromNs = place.begin();
        try {
            hook.onEnd(view);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            guard.failed(place, e, null);
        } finally {
            leave(view, place, fromNs);
        }
    }
}
