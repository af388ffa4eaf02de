package dev.sluice.worker.module;

import dev.sluice.common.module.CheckedHooks;
import dev.sluice.module.BlockingHook;
import dev.sluice.module.BodyHook;
import dev.sluice.module.ErrorHook;
import dev.sluice.module.HeadHook;
import dev.sluice.module.LogHook;
import dev.sluice.module.Phase;
import dev.sluice.module.RequestBodyHook;
import dev.sluice.module.RequestHook;
import dev.sluice.module.ResponseBodyHook;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import java.util.Locale;
import java.util.function.Function;

/** Takes what one module registers for one location. Used at boot. */
final class Registration extends CheckedHooks {

    private final HookCalls calls;
    private final Guard guard;
    private final BlockingGate.Running running;
    private final BodyMemory memory;
    private final RouteHooks hooks;
    private final Function<String, HookPlace> places;

    /** @param places the module in a phase */
    Registration(boolean ofServer, HookCalls calls, Guard guard, BlockingGate.Running running,
            BodyMemory memory, RouteHooks hooks, Function<String, HookPlace> places) {
        super(ofServer);
        this.calls = calls;
        this.guard = guard;
        this.running = running;
        this.memory = memory;
        this.hooks = hooks;
        this.places = places;
    }

    private HookPlace place(Phase phase) {
        return places.apply(phase.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void on(Phase phase, RequestHook hook) {
        super.on(phase, hook);
        add(phase, new HookGate(calls, guard, place(phase), hook, mayPeek(phase)));
    }

    @Override
    public void blocking(Phase phase, BlockingHook hook) {
        super.blocking(phase, hook);
        add(phase, new BlockingGate(calls, guard, place(phase), hook, running, mayPeek(phase)));
    }

    /** Before anything has read of the body. */
    private static boolean mayPeek(Phase phase) {
        return phase != Phase.CONTENT;
    }

    private void add(Phase phase, HookGate gate) {
        if (phase == Phase.AUTHORIZE) {
            hooks.conditions.add(new HookCheck(gate));
        } else {
            hooks.gates(phase).add(gate);
        }
    }

    @Override
    public void onUpstreamRequest(HeadHook hook) {
        super.onUpstreamRequest(hook);
        HookPlace place = places.apply("upstream_request");
        hooks.requestHeads.add((x, head, from) -> change(place, hook, x, head, from));
    }

    @Override
    public void onUpstreamResponse(HeadHook hook) {
        super.onUpstreamResponse(hook);
        HookPlace place = places.apply("upstream_response");
        hooks.upstreamHeads.add((x, head, from) -> {
            // An answer of our own after a peer's has no handler any more.
            if (x.upstreamStatus != 0 && x.handlerState != null) {
                change(place, hook, x, head, from);
            }
        });
    }

    @Override
    public void onResponse(HeadHook hook) {
        super.onResponse(hook);
        HookPlace place = places.apply("response");
        hooks.responseHeads.add((x, head, from) -> change(place, hook, x, head, from));
    }

    private void change(HookPlace place, HeadHook hook, Exchange x, ByteSink head, int from) {
        if (!guard.isOpen() && !head.overflowed()) {
            calls.change(x, hook, guard, place, head, from);
        }
    }

    @Override
    public void onError(ErrorHook hook) {
        super.onError(hook);
        hooks.errors.add(new HookedErrorPages.Entry(hook, guard, places.apply("error")));
    }

    @Override
    public void requestBody(BodyHook hook) {
        super.requestBody(hook);
        hooks.requestBodies.add(
                new BodyStage(guard, places.apply("request_body"), hook, null, 0));
    }

    @Override
    public void requestBody(int bytesMax, RequestBodyHook hook) {
        super.requestBody(bytesMax, hook);
        hooks.wholeBodies.add(new WholeBodyGate(calls, guard, places.apply("request_body"),
                memory, bytesMax, hook));
    }

    @Override
    public void responseBody(BodyHook hook) {
        super.responseBody(hook);
        hooks.responseBodies.add(
                new BodyStage(guard, places.apply("response_body"), hook, null, 0));
    }

    @Override
    public void responseBody(int bytesMax, ResponseBodyHook hook) {
        super.responseBody(bytesMax, hook);
        hooks.responseBodies.add(
                new BodyStage(guard, places.apply("response_body"), null, hook, bytesMax));
    }

    @Override
    public void onLog(LogHook hook) {
        super.onLog(hook);
        HookPlace place = places.apply("log");
        ExchangeLog log = x -> {
            if (!guard.isOpen()) {
                calls.tell(x, hook, guard, place);
            }
        };
        hooks.logs.add(log);
    }
}
