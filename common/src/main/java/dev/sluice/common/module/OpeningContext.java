package dev.sluice.common.module;

import dev.sluice.common.config.ModuleConfig;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleLog;
import dev.sluice.module.Settings;
import dev.sluice.module.Slot;
import dev.sluice.module.Text;
import java.util.function.Supplier;

/**
 * What a module gets when it is opened.
 *
 * @param slots makes a place for a value of any type
 * @param texts compiles texts with variables
 */
public record OpeningContext(ModuleConfig module, boolean dryRun, ModuleLog log,
        Supplier<Slot<?>> slots, Texts texts) implements ModuleContext {

    /** Compiles texts with variables. */
    public interface Texts {
        Text compile(String template) throws ModuleException;
    }

    @Override
    public String name() {
        return module.jar().name();
    }

    @Override
    public Settings settings() {
        return new SettingsView(module.jar(), module.settings());
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Slot<T> slot() {
        return (Slot<T>) slots.get();
    }

    @Override
    public Text text(String template) throws ModuleException {
        return texts.compile(template);
    }
}
