package dev.sluice.talk;

import dev.sluice.common.identity.MadeCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The assembled distribution, running with a configuration of a test in a folder of its own. In a
 * configuration {@code @DIR@} is that folder, {@code @PORT@} the port that the test talks to, and
 * {@code @PORT:name@} further free ports.
 */
final class RunningSluice implements AutoCloseable {

    /** What a test starts from; keys of the same sections may follow in its own text. */
    private static final String COMMON = """
            [main]
            workers = @WORKERS@
            run_directory = @DIR@/run
            pid = @DIR@/sluice.pid
            error_log = @DIR@/error.log info
            warmup = @WARMUP@
            @MAIN@
            [http]
            access_log = @DIR@/access.log @FORMAT@ flush=50ms
            @HTTP@
            """;

    private final TestFolder folder;
    private final FreePorts ports = new FreePorts();
    private final String text;
    private String workers = "1";
    /** Tests have no need of warm workers, but of many. */
    private String warmUp = "0";
    private String main = "";
    private String http = "";
    private String format = "combined";
    private final Map<String, String> environment = new HashMap<>();
    private Process master;
    private Path launcherPath;
    /** The log file that begins with the line of this kit's own probe; null when none does. */
    private Object probedLog;

    private RunningSluice(String text) throws IOException {
        this.text = text;
        this.folder = TestFolder.create();
        Files.createDirectory(folder.path().resolve("www"));
    }

    /** Servers, locations and upstreams; {@code [main]} and {@code [http]} are filled in. */
    static RunningSluice with(String text) throws IOException {
        return new RunningSluice(text);
    }

    /** One server that passes everything to these peers, in turn. */
    static RunningSluice proxyTo(ScriptedUpstream... peers) throws IOException {
        var servers = new StringBuilder();
        for (ScriptedUpstream peer : peers) {
            servers.append("server = ").append(peer.address()).append('\n');
        }
        return with("""
                [upstream app]
                %s
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /]
                proxy_pass = http://app
                """.formatted(servers));
    }

    RunningSluice workers(int count) {
        workers = Integer.toString(count);
        return this;
    }

    /** How long its workers warm up. */
    RunningSluice warmUp(String time) {
        warmUp = time;
        return this;
    }

    /** More lines of {@code [main]}. */
    RunningSluice main(String lines) {
        main = lines;
        return this;
    }

    /** More lines of {@code [http]}. */
    RunningSluice http(String lines) {
        http = lines;
        return this;
    }

    RunningSluice accessLogFormat(String name) {
        format = name;
        return this;
    }

    /** Starts by this path to a launcher, which a later upgrade follows again. */
    RunningSluice launcher(Path path) {
        launcherPath = path;
        return this;
    }

    /** What the master finds in its environment. */
    RunningSluice environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** A file below the folder, made with its parents, readable by all. */
    RunningSluice file(String name, String content) throws IOException {
        return file(name, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    RunningSluice file(String name, byte[] content) throws IOException {
        folder.write(name, content);
        return this;
    }

    /** What a server shows: {@code @DIR@/s.crt} and {@code @DIR@/s.key}. */
    RunningSluice certificate(MadeCertificate shown)
            throws GeneralSecurityException, IOException {
        return file("s.crt", shown.pem()).file("s.key", shown.keyPem());
    }

    RunningSluice start() throws IOException {
        writeConfiguration(text);
        launch();
        awaitServing();
        if (ports.knows("main")) {
            Await.that("the line of the probe", () -> !folder.read("access.log").isEmpty());
            probedLog = folder.key("access.log");
        }
        return this;
    }

    /** Starts it once more, with everything that a master which was killed has left. */
    void startAgain() throws IOException {
        launch();
        awaitServing();
    }

    /** The command line of the distribution's launcher with these words. */
    static List<String> command(String... words) {
        var command = new ArrayList<String>();
        command.add(distribution().resolve("bin/sluice").toString());
        command.addAll(List.of(words));
        return command;
    }

    static Path distribution() {
        return Path.of(System.getProperty("sluice.distribution", "target/sluice"))
                .toAbsolutePath();
    }

    /** Writes the file that the next start or HUP reads. */
    void writeConfiguration(String servers) throws IOException {
        String all = servers.contains("[main]") ? servers : COMMON + servers;
        all = all.replace("@MAIN@", main).replace("@WARMUP@", warmUp).replace("@HTTP@", http)
                .replace("@WORKERS@", workers).replace("@FORMAT@", format)
                .replace("@DIR@", folder.path().toString());
        Files.writeString(configuration(), ports.fill(all));
    }

    private void launch() throws IOException {
        var words = command("-c", configuration().toString());
        if (launcherPath != null) {
            words.set(0, launcherPath.toString());
        }
        var launcher = new ProcessBuilder(words)
                .directory(folder.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.path().resolve("output").toFile());
        // Assertions are on in what is tested, too; the workers inherit it.
        launcher.environment().put("JDK_JAVA_OPTIONS", "-ea");
        launcher.environment().putAll(environment);
        master = launcher.start();
        master.getOutputStream().close();
    }

    private void awaitServing() {
        try {
            Await.that("a ready server", () -> {
                if (!master.isAlive()) {
                    throw new AssertionError("ended with " + master.exitValue());
                }
                return !ports.knows("main") || answersHealth();
            });
        } catch (AssertionError failed) {
            String report = output() + errorLog();
            close();
            throw new AssertionError(failed.getMessage() + "\n" + report, failed);
        }
    }

    private boolean answersHealth() {
        try (RawClient client = RawClient.connect(port())) {
            return client.get("/healthz").response().status() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The free port that {@code @PORT@} stands for. */
    int port() {
        return port("main");
    }

    int port(String name) {
        return ports.port(name);
    }

    RawClient client() throws IOException {
        return RawClient.connect(port());
    }

    Path folder() {
        return folder.path();
    }

    Path configuration() {
        return folder.path().resolve("sluice.ini");
    }

    long masterPid() {
        return master.pid();
    }

    List<Long> workerPids() {
        return Processes.children(master.pid()).stream()
                .filter(pid -> Processes.commandLine(pid).contains("WorkerMain"))
                .filter(Processes::alive).toList();
    }

    void signal(String name) throws IOException, InterruptedException {
        Processes.signal(master.pid(), name);
    }

    /** The pid in the pid file: after an upgrade it is another process. */
    long pidInFile() {
        String pid = folder.read("sluice.pid").strip();
        return pid.isEmpty() ? 0 : Long.parseLong(pid);
    }

    /** Ends what the started process has handed over to. */
    private void stopSuccessor() throws IOException, InterruptedException {
        long pid = pidInFile();
        if (pid != 0 && pid != master.pid() && Processes.alive(pid)) {
            Processes.signal(pid, "INT");
        }
    }

    /** Exit code of a master that was told to end. */
    int awaitExit() throws InterruptedException {
        if (!master.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the master does not end\n" + errorLog());
        }
        return master.exitValue();
    }

    /** Lines of the access log, without that of this kit's own probe. */
    List<String> accessLog() {
        Object key = folder.key("access.log");
        return folder.read("access.log").lines()
                .skip(key != null && key.equals(probedLog) ? 1 : 0).toList();
    }

    List<String> awaitAccessLog(int lineCount) {
        Await.that(lineCount + " lines in the access log", () -> accessLog().size() >= lineCount);
        return accessLog();
    }

    String errorLog() {
        return folder.read("error.log");
    }

    void awaitErrorLog(String words) {
        try {
            Await.that("in the error log: " + words, () -> errorLog().contains(words));
        } catch (AssertionError absent) {
            throw new AssertionError(absent.getMessage() + "\n" + errorLog(), absent);
        }
    }

    String output() {
        return folder.read("output");
    }

    /** Stops it, and fails when a process of it is left or an assertion of it was broken. */
    @Override
    public void close() {
        List<Long> left = List.of();
        if (master != null) {
            try {
                stopSuccessor();
                if (master.isAlive()) {
                    signal("INT");
                }
                if (!master.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    master.destroyForcibly();
                    left = List.of(master.pid());
                }
                Await.that("no process left", () -> Processes.naming(folder.path()).isEmpty());
            } catch (InterruptedException | IOException failed) {
                throw new IllegalStateException(failed);
            } catch (AssertionError stillThere) {
                left = Processes.naming(folder.path());
                left.forEach(pid -> ProcessHandle.of(pid).ifPresent(
                        ProcessHandle::destroyForcibly));
            }
        }
        String report = errorLog() + output();
        folder.delete();
        if (!left.isEmpty() || report.contains("AssertionError")) {
            throw new AssertionError("processes left: " + left + "\n" + report);
        }
    }
}
