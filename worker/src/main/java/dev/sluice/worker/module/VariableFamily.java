package dev.sluice.worker.module;

import dev.sluice.module.VariableFamilyHook;
import dev.sluice.worker.exchange.ValueTemplate;
import java.util.function.Supplier;

/**
 * All variables of a module that begin alike. One can be named before the module is opened.
 *
 * <p>Owner: event loop.
 */
final class VariableFamily {

    private final Supplier<ModuleVariable> variables;
    private VariableFamilyHook hook;

    /** @param variables makes one that has no value yet */
    VariableFamily(Supplier<ModuleVariable> variables) {
        this.variables = variables;
    }

    void give(VariableFamilyHook values) {
        hook = values;
    }

    /** @param rest of the name */
    ValueTemplate of(String rest) {
        ModuleVariable one = variables.get();
        one.give(x -> hook == null ? null : hook.value(x, rest));
        return one;
    }
}
