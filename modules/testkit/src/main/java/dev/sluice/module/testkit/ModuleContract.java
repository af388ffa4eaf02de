package dev.sluice.module.testkit;

import dev.sluice.module.ConnectHook;
import dev.sluice.module.FileReader;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleCounter;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.ModuleLog;
import dev.sluice.module.PeerChooser;
import dev.sluice.module.Route;
import dev.sluice.module.Settings;
import dev.sluice.module.Slot;
import dev.sluice.module.SluiceModule;
import dev.sluice.module.Text;
import dev.sluice.module.TimerHook;
import dev.sluice.module.TlsPeerHook;
import dev.sluice.module.VariableFamilyHook;
import dev.sluice.module.VariableHook;
import dev.sluice.module.Watched;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * What every module has to keep to, looked for in its finished jar: the suite that a module's own
 * tests run once. An empty list of complaints is a pass.
 *
 * <pre>
 * assertEquals(List.of(), ModuleContract.of(jar).with("api_key", "on").complaints());
 * </pre>
 *
 * <p>Owner: the test's thread.
 */
public final class ModuleContract {

    private static final int ROUNDS = 50;
    private static final long THREAD_END_MS = 5_000;

    private final Path jar;
    private final Map<String, List<String>> ofLocation = new HashMap<>();
    private final Map<String, List<String>> ofModule = new HashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private final Set<String> variables = new HashSet<>();
    private Attributes manifest;
    private KeyTable keys;

    private ModuleContract(Path jar) {
        this.jar = jar;
    }

    public static ModuleContract of(Path jar) {
        return new ModuleContract(jar);
    }

    /** A key of a location in which the module does something. */
    public ModuleContract with(String key, String... values) {
        ofLocation.put(key, Arrays.asList(values));
        return this;
    }

    /** A key of {@code [module NAME]} that the module cannot be without. */
    public ModuleContract withOfModule(String key, String... values) {
        ofModule.put(key, Arrays.asList(values));
        return this;
    }

    /** Everything that is wrong, in words. */
    public List<String> complaints() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            manifest = file.getManifest().getMainAttributes();
            try (InputStream in = file.getEntry("META-INF/sluice/keys.ini") == null ? null
                    : file.getInputStream(file.getEntry("META-INF/sluice/keys.ini"))) {
                keys = KeyTable.read(in);
            }
            checkJar(file);
        }
        try (URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()},
                new OnlyApi())) {
            checkLife(classes);
        }
        return List.copyOf(complaints);
    }

    private void checkJar(JarFile file) {
        for (String name : List.of("Sluice-Module", "Sluice-Module-Version", "Sluice-Module-Api",
                "Sluice-Module-Phases")) {
            if (attribute(name).isEmpty()) {
                complaints.add("the manifest has no " + name);
            }
        }
        for (String key : keys.names()) {
            if (!keys.field(key, "doc").endsWith(".")) {
                complaints.add("the doc of " + key + " is not a sentence");
            }
        }
        if (file.stream().anyMatch(entry -> entry.getName().startsWith("dev/sluice/module/")
                && entry.getName().endsWith(".class"))) {
            complaints.add("the jar brings classes of the interface, which Sluice brings");
        }
    }

    private String attribute(String name) {
        String value = manifest.getValue(name);
        return value == null ? "" : value.strip();
    }

    private Set<String> words(String attribute) {
        Set<String> words = new HashSet<>(Arrays.asList(attribute(attribute).split("[ ,]+")));
        words.remove("");
        return words;
    }

    private void checkLife(ClassLoader classes) {
        List<SluiceModule> found = new ArrayList<>();
        try {
            ServiceLoader.load(SluiceModule.class, classes).forEach(found::add);
            if (found.size() != 1) {
                complaints.add("the jar has " + found.size() + " providers");
                return;
            }
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            for (int i = 0; i < ROUNDS; i++) {
                live(found.getFirst(), true);
            }
            checkThreads(before, "opened for a check");
            for (int i = 0; i < ROUNDS; i++) {
                live(found.getFirst(), false);
            }
            checkThreads(before, "closed");
        } catch (Exception | LinkageError e) {
            complaints.add("it cannot live: " + e);
        }
    }

    private void checkThreads(Set<Thread> before, String when) throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (before.contains(thread) || isOfTheJdk(thread)) {
                continue;
            }
            // It may be about to end.
            thread.join(THREAD_END_MS);
            if (thread.isAlive()) {
                complaints.add("the thread " + thread.getName() + " is left when it was " + when);
            }
        }
    }

    private static boolean isOfTheJdk(Thread thread) {
        return thread.getThreadGroup() == null
                || thread.getThreadGroup().getName().equals("InnocuousThreadGroup")
                || thread.getName().startsWith("ForkJoinPool")
                || thread.getName().startsWith("VirtualThread");
    }

    private void live(SluiceModule module, boolean dryRun) throws Exception {
        variables.clear();
        ModuleInstance instance = module.open(new Context(dryRun));
        Set<String> missing = words("Sluice-Module-Variables");
        missing.removeAll(variables);
        complain(missing, "it gives no value to the variables ");
        RecordedHooks idle = new RecordedHooks();
        instance.install(new OneRoute(keys.settings(Map.of())), idle);
        complain(idle.phases, "it registers hooks in a location that says nothing to it: ");
        RecordedHooks busy = new RecordedHooks();
        instance.install(new OneRoute(keys.settings(ofLocation)), busy);
        Set<String> unsaid = new HashSet<>(busy.phases);
        unsaid.removeAll(words("Sluice-Module-Phases"));
        complain(unsaid, "Sluice-Module-Phases does not have ");
        if (!dryRun) {
            instance.start();
            instance.drain();
        }
        instance.close();
    }

    private void complain(Set<String> words, String about) {
        String complaint = about + String.join(", ", words.stream().sorted().toList());
        if (!words.isEmpty() && !complaints.contains(complaint)) {
            complaints.add(complaint);
        }
    }

    /** The interface and the JDK, as in a worker. */
    private static final class OnlyApi extends ClassLoader {
        OnlyApi() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("dev.sluice.module.")
                    && !name.startsWith("dev.sluice.module.testkit.")) {
                return Class.forName(name, false, SluiceModule.class.getClassLoader());
            }
            throw new ClassNotFoundException(name);
        }
    }

    private record OneRoute(Settings settings) implements Route {
        @Override
        public String server() {
            return "test";
        }

        @Override
        public String location() {
            return "/";
        }

        @Override
        public boolean ofServer() {
            return true;
        }
    }

    private final class Context implements ModuleContext {
        private final boolean dryRun;

        Context(boolean dryRun) {
            this.dryRun = dryRun;
        }

        @Override
        public boolean dryRun() {
            return dryRun;
        }

        @Override
        public String name() {
            return attribute("Sluice-Module");
        }

        @Override
        public Settings settings() {
            return keys.settings(ofModule);
        }

        @Override
        public ModuleLog log() {
            return new ModuleLog() {
                @Override
                public void info(String line) {
                    // Nobody reads it.
                }

                @Override
                public void warn(String line) {
                    // Nobody reads it.
                }

                @Override
                public void error(String line) {
                    // Nobody reads it.
                }
            };
        }

        @Override
        public <T> Slot<T> slot() {
            return new Slot<>() {};
        }

        @Override
        public Text text(String template) {
            return new Text() {};
        }

        @Override
        public void variable(String name, VariableHook hook) {
            if (!words("Sluice-Module-Variables").contains(name) || !variables.add(name)) {
                throw new IllegalArgumentException("Sluice-Module-Variables has no $" + name);
            }
        }

        @Override
        public void variables(String family, VariableFamilyHook hook) {
            if (!words("Sluice-Module-Variables").contains(family) || !variables.add(family)) {
                throw new IllegalArgumentException("Sluice-Module-Variables has no $" + family);
            }
        }

        @Override
        public void onConnect(ConnectHook hook) {
            complainUnlessSaid("connect");
        }

        @Override
        public void onTlsPeer(TlsPeerHook hook) {
            complainUnlessSaid("tls_peer");
        }

        private void complainUnlessSaid(String phase) {
            if (!words("Sluice-Module-Phases").contains(phase)) {
                complain(Set.of(phase), "Sluice-Module-Phases does not have ");
            }
        }

        @Override
        public void balancer(String name, PeerChooser chooser) {
            if (!words("Sluice-Module-Balancers").contains(name)) {
                throw new IllegalArgumentException("Sluice-Module-Balancers has no " + name);
            }
        }

        @Override
        public ModuleCounter counter(String name) {
            if (!words("Sluice-Module-Counters").contains(name)) {
                throw new IllegalArgumentException("Sluice-Module-Counters has no " + name);
            }
            return count -> { };
        }

        @Override
        public void every(Duration period, TimerHook hook) {
            complainUnlessSaid("timer");
        }

        @Override
        public <T> Watched<T> watch(Path file, FileReader<T> reader) throws ModuleException {
            return InMemoryFile.open(file, reader, dryRun, line -> { });
        }
    }
}
