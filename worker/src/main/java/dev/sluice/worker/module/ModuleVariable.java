package dev.sluice.worker.module;

import dev.sluice.module.VariableHook;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;

/**
 * A variable of a module. It can be named before the module is opened.
 *
 * <p>Owner: event loop.
 */
final class ModuleVariable implements ValueTemplate {

    private final HookCalls calls;
    private final Guard guard;
    private final HookPlace place;
    private VariableHook hook;

    ModuleVariable(HookCalls calls, Guard guard, HookPlace place) {
        this.calls = calls;
        this.guard = guard;
        this.place = place;
    }

    void give(VariableHook value) {
        hook = value;
    }

    @Override
    public void append(Exchange x, ByteSink out) {
        if (hook == null || guard.isOpen()) {
            return;
        }
        String value = calls.value(x, hook, guard, place);
        if (value != null) {
            out.putAscii(value);
        }
    }
}
