package dev.sluice.common.module;

import dev.sluice.common.config.ModuleConfig;
import dev.sluice.module.ConnectHook;
import dev.sluice.module.FileReader;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleCounter;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleLog;
import dev.sluice.module.PeerChooser;
import dev.sluice.module.Settings;
import dev.sluice.module.Slot;
import dev.sluice.module.Text;
import dev.sluice.module.TimerHook;
import dev.sluice.module.TlsPeerHook;
import dev.sluice.module.VariableFamilyHook;
import dev.sluice.module.VariableHook;
import dev.sluice.module.Watched;
import java.nio.file.Path;
import java.time.Duration;
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

        /** Takes what gives a family of variables its values; each comes once. */
        void variables(String family, VariableFamilyHook hook);

        /** Takes what is asked about connections; once. */
        void onConnect(ConnectHook hook);

        /** Takes what is asked about certificates of clients; once. */
        void onTlsPeer(TlsPeerHook hook);

        /** Takes what chooses peers; each name comes once. */
        void balancer(String name, PeerChooser chooser);

        /** A counter that the manifest names. */
        ModuleCounter counter(String name);

        /** Takes what is done again and again, in a started worker. */
        void every(Duration period, TimerHook hook);

        /** Reads a file now and whenever it has changed. */
        <T> Watched<T> watch(Path file, FileReader<T> reader) throws ModuleException;
    }

    private static final Duration PERIOD_MIN = Duration.ofMillis(100);
    private static final Duration PERIOD_MAX = Duration.ofDays(1);
    private static final int TIMERS_MAX = 64;
    private static final int FILES_MAX = 256;

    private final ModuleConfig module;
    private final boolean dryRun;
    private final ModuleLog log;
    private final Host host;
    private final Set<String> variables = new HashSet<>();
    private final Set<String> balancers = new HashSet<>();
    private boolean connects;
    private boolean peers;
    private int timerCount;
    private int fileCount;

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
        given(name, hook, name.endsWith("*"));
        host.variable(name, hook);
    }

    @Override
    public void variables(String family, VariableFamilyHook hook) {
        given(family, hook, !family.endsWith("*"));
        host.variables(family, hook);
    }

    private void given(String name, Object hook, boolean wrongKind) {
        Objects.requireNonNull(hook);
        if (wrongKind || !module.jar().variables().contains(name) || !variables.add(name)) {
            throw new IllegalArgumentException("Sluice-Module-Variables of " + name()
                    + " has no $" + name + " that is still without a value");
        }
    }

    @Override
    public void onConnect(ConnectHook hook) {
        connects = once(hook, connects);
        host.onConnect(hook);
    }

    @Override
    public void onTlsPeer(TlsPeerHook hook) {
        peers = once(hook, peers);
        host.onTlsPeer(hook);
    }

    private static boolean once(Object hook, boolean there) {
        Objects.requireNonNull(hook);
        if (there) {
            throw new IllegalArgumentException("there is such a hook already");
        }
        return true;
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

    @Override
    public void every(Duration period, TimerHook hook) {
        Objects.requireNonNull(hook);
        if (period.compareTo(PERIOD_MIN) < 0 || period.compareTo(PERIOD_MAX) > 0) {
            throw new IllegalArgumentException("a period of " + period);
        }
        if (++timerCount > TIMERS_MAX) {
            throw new IllegalArgumentException("more than " + TIMERS_MAX + " timers");
        }
        host.every(period, hook);
    }

    @Override
    public <T> Watched<T> watch(Path file, FileReader<T> reader) throws ModuleException {
        Objects.requireNonNull(reader);
        if (++fileCount > FILES_MAX) {
            throw new IllegalArgumentException("more than " + FILES_MAX + " files");
        }
        return host.watch(file, reader);
    }
}
