package dev.sluice.module.testkit;

import dev.sluice.module.ConnectHook;
import dev.sluice.module.Connection;
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
import dev.sluice.module.TlsPeer;
import dev.sluice.module.TlsPeerHook;
import dev.sluice.module.VariableFamilyHook;
import dev.sluice.module.VariableHook;
import dev.sluice.module.Watched;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * One location with one module, without a socket, a thread or a process: requests go through the
 * module's hooks in the order of a worker, and what is left of them to a peer that the test plays.
 *
 * <pre>
 * try (var sluice = InMemorySluice.of(new ApiKeyModule()).set("api_key", "on").open()) {
 *     assertEquals(401, sluice.send(TestRequest.get("/")).status());
 * }
 * </pre>
 *
 * <p>What a hook throws comes out of {@link #send} as {@link AssertionError}, unless {@link
 * #failOpen} or {@link #failClosed} say what a worker would do. Owner: the test's thread.
 */
public final class InMemorySluice implements AutoCloseable {

    /** A text with variables, as it is. */
    record Template(String text) implements Text {}

    /** A place in a request. */
    private static final class Place<T> implements Slot<T> {}

    private final SluiceModule module;
    private final KeyTable keys;
    private final Map<String, List<String>> ofLocation = new HashMap<>();
    private final Map<String, List<String>> ofModule = new HashMap<>();
    private String location = "/";
    private boolean dryRun;
    Integer failureStatus = -1;
    Function<TestRequest, TestAnswer> peer = request -> TestAnswer.of(200, "of the peer");
    final Map<String, VariableHook> variables = new HashMap<>();
    final Map<String, VariableFamilyHook> families = new HashMap<>();
    private ConnectHook connectHook = connection -> true;
    private TlsPeerHook peerHook = peer -> TlsPeerHook.Answer.ADMIT;
    private final Map<String, PeerChooser> balancers = new HashMap<>();
    final List<String> failures = new ArrayList<>();
    private final Map<String, Long> counters = new TreeMap<>();
    private final List<String> logLines = new CopyOnWriteArrayList<>();
    final RecordedHooks hooks = new RecordedHooks();
    private final List<InMemoryFile<?>> files = new ArrayList<>();
    private final List<TimerHook> timers = new ArrayList<>();
    private ModuleInstance instance;
    TestRequest seenByPeer;
    private RunningExchange last;

    private InMemorySluice(SluiceModule module) {
        this.module = module;
        try (InputStream in = module.getClass().getClassLoader()
                .getResourceAsStream("META-INF/sluice/keys.ini")) {
            keys = KeyTable.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With the key table that lies beside its classes. */
    public static InMemorySluice of(SluiceModule module) {
        return new InMemorySluice(module);
    }

    /** A key of the location; a repeated one is given several values. */
    public InMemorySluice set(String key, String... values) {
        ofLocation.put(key, Arrays.asList(values));
        return this;
    }

    /** A key of {@code [module NAME]}. */
    public InMemorySluice setOfModule(String key, String... values) {
        ofModule.put(key, Arrays.asList(values));
        return this;
    }

    public InMemorySluice location(String pattern) {
        location = pattern;
        return this;
    }

    /** What a peer answers; it gets the request as the module has made it. */
    public InMemorySluice peer(Function<TestRequest, TestAnswer> answers) {
        peer = answers;
        return this;
    }

    /** As {@code sluice -t} would open it. */
    public InMemorySluice dryRun() {
        dryRun = true;
        return this;
    }

    /** Hooks that fail are as if they were not there. */
    public InMemorySluice failOpen() {
        failureStatus = 0;
        return this;
    }

    /** Hooks that fail are answered with 500. */
    public InMemorySluice failClosed() {
        failureStatus = 500;
        return this;
    }

    /** Opens, installs and starts the module. */
    public InMemorySluice open() throws ModuleException {
        instance = module.open(new Context());
        instance.install(new OnlyRoute(location, keys.settings(ofLocation)), hooks);
        if (!dryRun) {
            instance.start();
        }
        return this;
    }

    /** Sends a request through all phases. */
    public TestAnswer send(TestRequest request) {
        last = new RunningExchange(this, request);
        return last.run();
    }

    /** What a text with variables is for the last request: those of the module, and others. */
    public String expand(String text) {
        return last.expand(text);
    }

    /** Whether a connection from this address would be let in. */
    public boolean admits(String address) throws Exception {
        return connectHook.admits(new OneConnection(address));
    }

    /** What becomes of a client with this certificate, which the test plays. */
    public TlsPeerHook.Answer judge(TlsPeer peer) throws Exception {
        return peerHook.onPeer(peer);
    }

    /** The last request that came to the peer, with its head as the module has changed it. */
    public TestRequest seenByPeer() {
        return seenByPeer;
    }

    /** The first field of this name that the peer has seen; null without. */
    public String fieldSeenByPeer(String name) {
        return seenByPeer.fields.stream().filter(field -> field[0].equalsIgnoreCase(name))
                .map(field -> field[1]).findFirst().orElse(null);
    }

    /** The body that the peer has seen. */
    public String bodySeenByPeer() {
        return new String(seenByPeer.body, StandardCharsets.UTF_8);
    }

    /** What hooks have thrown, where the test said what follows. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** What the module has brought by this name, to be called with peers of the test. */
    public PeerChooser balancer(String name) {
        return balancers.get(name);
    }

    /** A counter of the module; 0 while it has not counted. */
    public long counter(String name) {
        return counters.getOrDefault(name, 0L);
    }

    /** Every file that the module watches has changed. */
    public void filesChange() {
        files.forEach(InMemoryFile::look);
    }

    /** Every timer of the module is due. */
    public void timersFire() throws Exception {
        for (TimerHook timer : timers) {
            timer.onTime();
        }
    }

    /** Lines of the module's log, each behind its level. */
    public List<String> log() {
        return List.copyOf(logLines);
    }

    /** Whether the module registered anything in the location. */
    public boolean hasHooks() {
        return !hooks.phases.isEmpty();
    }

    @Override
    public void close() {
        instance.drain();
        instance.close();
    }

    private record OneConnection(String remoteAddress) implements Connection {
        @Override
        public int remotePort() {
            return 40_000;
        }

        @Override
        public String listen() {
            return "127.0.0.1:8080";
        }
    }

    private record OnlyRoute(String location, Settings settings) implements Route {
        @Override
        public String server() {
            return "test";
        }

        @Override
        public boolean ofServer() {
            // The one location is the whole server.
            return true;
        }
    }

    private final class Context implements ModuleContext {
        @Override
        public boolean dryRun() {
            return dryRun;
        }

        @Override
        public String name() {
            return "tested";
        }

        @Override
        public Settings settings() {
            return keys.settings(new LinkedHashMap<>(ofModule));
        }

        @Override
        public ModuleLog log() {
            return new Lines();
        }

        @Override
        public <T> Slot<T> slot() {
            return new Place<>();
        }

        @Override
        public Text text(String template) {
            return new Template(template);
        }

        @Override
        public void variable(String name, VariableHook hook) {
            variables.put(name, hook);
        }

        @Override
        public void variables(String family, VariableFamilyHook hook) {
            families.put(family.substring(0, family.length() - 1), hook);
        }

        @Override
        public void onConnect(ConnectHook hook) {
            connectHook = hook;
        }

        @Override
        public void onTlsPeer(TlsPeerHook hook) {
            peerHook = hook;
        }

        @Override
        public void balancer(String name, PeerChooser chooser) {
            balancers.put(name, chooser);
        }

        @Override
        public ModuleCounter counter(String name) {
            return count -> counters.merge(name, count, Long::sum);
        }

        @Override
        public void every(Duration period, TimerHook hook) {
            timers.add(hook);
        }

        @Override
        public <T> Watched<T> watch(Path file, FileReader<T> reader) throws ModuleException {
            InMemoryFile<T> one = InMemoryFile.open(file, reader, dryRun,
                    line -> logLines.add("warn: " + line));
            files.add(one);
            return one;
        }
    }

    private final class Lines implements ModuleLog {
        @Override
        public void info(String line) {
            logLines.add("info: " + line);
        }

        @Override
        public void warn(String line) {
            logLines.add("warn: " + line);
        }

        @Override
        public void error(String line) {
            logLines.add("error: " + line);
        }
    }
}
