package dev.sluice.common.module;

import dev.sluice.common.config.ModuleConfig;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleCounter;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleLog;
import dev.sluice.module.PeerChooser;
import dev.sluice.module.Settings;
import dev.sluice.module.Slot;
import dev.sluice.module.Text;
import dev.sluice.module.VariableHook;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** What a module gets when it is opened. Owner: the thread that opens it. */
public final class OpeningContext implements ModuleContext {

    /** What a process has for its modules. */
    public interface Host {

        /** Makes a place for a value of any type. */
        Slot<?> slot();

        /** Compiles a text with variables. */
        Text text(String template) throws ModuleException;

        /** Takes what gives a variable its value; each name comes once. */
        void variable(String name, VariableHook hook);

        /** Takes what chooses peers; each name comes once. */
        void balancer(String name, PeerChooser chooser);

        /** A counter that the manifest names. */
        ModuleCounter counter(String name);
    }

    private final ModuleConfig module;
    private final boolean dryRun;
    private final ModuleLog log;
    private final Host host;
    private final Set<String> variables = new HashSet<>();
    private final Set<String> balancers = new HashSet<>();

    public OpeningContext(ModuleConfig module, boolean dryRun, ModuleLog log, Host host) {
        this.module = module;
        this.dryRun = dryRun;
        this.log = log;
        this.host = host;
    }

    /** The first name of the manifest that has been given nothing; null without any. */
    String missing() {
        for (String name : module.jar().variables()) {
            if (!variables.contains(name)) {
                return "$" + name;
            }
        }
        for (String name : module.jar().balancers()) {
            if (!balancers.contains(name)) {
                return "the balancer " + name;
            }
        }
        return null;
    }

    @Override
    public boolean dryRun() {
        return dryRun;
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
    public ModuleLog log() {
        return log;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Slot<T> slot() {
        return (Slot<T>) host.slot();
    }

    @Override
    public Text text(String template) throws ModuleException {
        return host.text(template);
    }

    @Override
    public void variable(String name, VariableHook hook) {
        Objects.requireNonNull(hook);
        if (!module.jar().variables().contains(name) || !variables.add(name)) {
            throw new IllegalArgumentException("Sluice-Module-Variables of " + name()
                    + " has no $" + name + " that is still without a value");
        }
        host.variable(name, hook);
    }

    @Override
    public void balancer(String name, PeerChooser chooser) {
        Objects.requireNonNull(chooser);
        if (!module.jar().balancers().contains(name) || !balancers.add(name)) {
            throw new IllegalArgumentException("Sluice-Module-Balancers of " + name()
                    + " has no \"" + name + "\" that is still missing");
        }
        host.balancer(name, chooser);
    }

    @Override
    public ModuleCounter counter(String name) {
        if (!module.jar().counters().contains(name)) {
            throw new IllegalArgumentException("Sluice-Module-Counters of " + name() + " has no \""
                    + name + "\"");
        }
        return host.counter(name);
    }
}
