package dev.sluice.worker.module;

import dev.sluice.module.BlockingHook;
import dev.sluice.module.HeadHook;
import dev.sluice.module.Hooks;
import dev.sluice.module.LogHook;
import dev.sluice.module.Phase;
import dev.sluice.module.RequestHook;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Gate;
import java.util.Locale;
import java.util.Objects;

/** Takes what one module registers for one location. Used at boot. */
final class Registration implements Hooks {

    private final HookCalls calls;
    private final Guard guard;
    private final BlockingGate.Running running;
    private final RouteHooks hooks;

    Registration(HookCalls calls, Guard guard, BlockingGate.Running running, RouteHooks hooks) {
        this.calls = calls;
        this.guard = guard;
        this.running = running;
        this.hooks = hooks;
    }

    private HookPlace place(String phase) {
        return new HookPlace(guard.module().jar().name(), phase);
    }

    private static String word(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void on(Phase phase, RequestHook hook) {
        Objects.requireNonNull(hook);
        add(phase, new HookGate(calls, guard, place(word(phase)), hook));
    }

    @Override
    public void blocking(Phase phase, BlockingHook hook) {
        Objects.requireNonNull(hook);
        add(phase, new BlockingGate(calls, guard, place(word(phase)), hook, running));
    }

    private void add(Phase phase, Gate gate) {
        hooks.gates(phase).add(gate);
    }

    @Override
    public void onUpstreamRequest(HeadHook hook) {
        Objects.requireNonNull(hook);
        HookPlace place = place("upstream_request");
        hooks.requestHeads.add((x, head, from) -> change(place, hook, x, head, from));
    }

    @Override
    public void onResponse(HeadHook hook) {
        Objects.requireNonNull(hook);
        HookPlace place = place("response");
        hooks.responseHeads.add((x, head, from) -> change(place, hook, x, head, from));
    }

    private void change(HookPlace place, HeadHook hook, Exchange x, ByteSink head, int from) {
        if (!guard.isOpen() && !head.overflowed()) {
            calls.change(x, hook, guard, place, head, from);
        }
    }

    @Override
    public void onLog(LogHook hook) {
        Objects.requireNonNull(hook);
        HookPlace place = place("log");
        ExchangeLog log = x -> {
            if (!guard.isOpen()) {
                calls.tell(x, hook, guard, place);
            }
        };
        hooks.logs.add(log);
    }
}
