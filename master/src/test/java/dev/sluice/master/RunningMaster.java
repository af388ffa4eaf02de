package dev.sluice.master;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.control.ControlCodec;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.signal.MasterSignal;
import dev.sluice.master.system.RunDirectory;
import dev.sluice.master.upgrade.Predecessor;
import dev.sluice.master.worker.WorkerCommand;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Native;
import io.netty.util.internal.PlatformDependent;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** A master in this JVM with {@link FakeWorker}s as real processes. */
final class RunningMaster implements AutoCloseable {

    private static final String ERROR_LOG = "error_log = RUN/error.log debug";
    private static final long PATIENCE_NS = 20_000_000_000L;
    private static final long PAUSE_NS = 5_000_000;

    final Path folder;
    final Path log;
    final List<String> screen = new CopyOnWriteArrayList<>();
    final Master master;
    private final AtomicReference<LoadedConfig> file;
    private final FutureTask<ExitCode> outcome;

    /** Starts with this text; {@code RUN} in it stands for the folder. */
    RunningMaster(Path folder, String text) throws IOException {
        this(folder, text, Station.NONE, null, List.of());
    }

    /** @param program the words that -s upgrade executes */
    RunningMaster(Path folder, String text, Station station, List<String> program)
            throws IOException {
        this(folder, text, station, null, program);
    }

    /** Takes over from another master. */
    RunningMaster(Path folder, String text, Station station, Predecessor predecessor)
            throws IOException {
        this(folder, text, station, predecessor, List.of());
    }

    private RunningMaster(
            Path folder,
            String text,
            Station station,
            Predecessor predecessor,
            List<String> program)
            throws IOException {
        this.folder = folder;
        this.log = folder.resolve("error.log");
        this.file = new AtomicReference<>(load(text));
        RunDirectory run = new RunDirectory(folder);
        run.prepare(null, List.of());
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.addAll(List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        java.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
        java.add(classPath());
        java.add("-Djava.library.path=" + System.getProperty("java.library.path"));
        java.add(FakeWorker.class.getName());
        LoadedConfig first = file.get();
        this.master =
                new Master(
                        new Master.Parts(
                                file::get,
                                run,
                                new WorkerCommand(java),
                                new MasterLog(first.config().main().errorLog()),
                                SystemClock.INSTANCE,
                                screen::add,
                                false,
                                station,
                                predecessor,
                                program,
                                folder.toString(),
                                folder.resolve("sluice.pid").toString(),
                                System.getenv()));
        this.outcome = new FutureTask<>(() -> master.run(first));
        new Thread(outcome, "master").start();
    }

    /** Where the fake worker's classes are: the class path of a test's JVM is its runner's own. */
    private static String classPath() {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> needed :
                List.of(
                        FakeWorker.class,
                        MasterMain.class,
                        ControlCodec.class,
                        io.netty.channel.unix.Socket.class,
                        Native.class,
                        PlatformDependent.class,
                        ByteBuf.class,
                        ChannelException.class)) {
            places.add(needed.getProtectionDomain().getCodeSource().getLocation().getPath());
        }
        return String.join(File.pathSeparator, places);
    }

    private LoadedConfig load(String text) {
        String whole =
                text.replace("[main]", "[main]\nrun_directory = RUN\n" + ERROR_LOG)
                        .replace("RUN", folder.toString());
        // What comments tell the fake worker must be in the image, too.
        String orders = whole.lines().filter(line -> line.startsWith("; fake:"))
                .map(line -> line.substring(2)).collect(Collectors.joining(" "));
        // Any other text is another configuration here, were it only in a comment.
        String format = orders + " text-" + Integer.toHexString(whole.hashCode());
        return ConfigLoader.loadText(
                whole + "[log_format fake]\nformat = " + format.strip() + "\n", folder)
                .withoutText();
    }

    void nextFile(String text) {
        file.set(load(text));
    }

    void signal(MasterSignal signal) {
        master.tell(new MasterEvent.Signalled(signal));
    }

    RunningMaster awaitReady() {
        await("ready", () -> screen.stream().anyMatch(line -> line.contains("ready,")));
        return this;
    }

    /** The port of the first address on the screen. */
    int port() {
        String line = screen.getFirst();
        return Integer.parseInt(line.replaceAll("^.*http://[^/]*:(\\d+)/.*$", "$1"));
    }

    String logText() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException unreadable) {
            return "";
        }
    }

    void awaitLog(String part) {
        await("log line with \"" + part + "\"", () -> logText().contains(part));
    }

    void await(String what, BooleanSupplier reached) {
        long endNs = SystemClock.INSTANCE.nowNs() + PATIENCE_NS;
        while (!reached.getAsBoolean()) {
            assertTrue(
                    SystemClock.INSTANCE.nowNs() < endNs,
                    () -> "waited in vain for " + what + "\n" + logText() + screen);
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Connects once. @return the line of the worker that answered, as words */
    static Map<String, String> ask(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(10_000);
            socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
            byte[] bytes = socket.getInputStream().readAllBytes();
            Map<String, String> words = new HashMap<>();
            for (String word : new String(bytes, StandardCharsets.UTF_8).strip().split(" ")) {
                int equals = word.indexOf('=');
                words.put(word.substring(0, equals), word.substring(equals + 1));
            }
            return words;
        }
    }

    /** Connects until both slots have answered, or the patience ends. @return by slot */
    Map<String, Map<String, String>> askAllSlots(int port, int slots) {
        Map<String, Map<String, String>> bySlot = new HashMap<>();
        await(
                slots + " slots to answer",
                () -> {
                    try {
                        Map<String, String> words = ask(port);
                        bySlot.put(words.get("slot"), words);
                    } catch (IOException failed) {
                        throw new IllegalStateException(failed);
                    }
                    return bySlot.size() == slots;
                });
        return bySlot;
    }

    ExitCode awaitEnd() throws Exception {
        return outcome.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        signal(MasterSignal.INT);
        try {
            awaitEnd();
        } catch (Exception failed) {
            throw new AssertionError("the master does not end: " + logText(), failed);
        }
    }
}
