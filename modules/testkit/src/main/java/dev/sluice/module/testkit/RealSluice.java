package dev.sluice.module.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A distribution with one worker that has the jars of a test, on 127.0.0.1.
 *
 * <pre>
 * try (var sluice = RealSluice.of(home).jar(jar).start("""
 *         [server s]
 *         listen = 127.0.0.1:@PORT@
 *         [location s /]
 *         api_key = on
 *         return = 200 hello
 *         """)) {
 *     assertEquals(401, sluice.send(TestRequest.get("/")).status());
 * }
 * </pre>
 *
 * <p>In the configuration {@code @DIR@} is the test's folder and {@code @PORT@} a free port; {@code
 * [main]} is there already. Owner: the test's thread.
 */
public final class RealSluice implements AutoCloseable {

    private static final long START_MS = 60_000;
    private static final long LOOK_NS = 20_000_000;
    private static final int ANSWER_MS = 30_000;

    private final Path home;
    private final Path folder;
    private final int port;
    private Process process;

    private RealSluice(Path home) throws IOException {
        this.home = home;
        this.folder = Files.createTempDirectory("sluice-module");
        Files.createDirectory(folder.resolve("modules.d"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    /** @param home of the distribution: /usr/lib/sluice of the Debian package */
    public static RealSluice of(Path home) throws IOException {
        return new RealSluice(home.toAbsolutePath());
    }

    /** Takes a copy of a jar. */
    public RealSluice jar(Path jar) throws IOException {
        Files.copy(jar, folder.resolve("modules.d").resolve(jar.getFileName().toString()));
        return this;
    }

    /** A file in the test's folder. */
    public RealSluice file(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
        return this;
    }

    public Path folder() {
        return folder;
    }

    public int port() {
        return port;
    }

    private Path write(String configuration) throws IOException {
        String all = """
                [main]
                workers = 1
                run_directory = @DIR@/run
                pid = @DIR@/sluice.pid
                error_log = @DIR@/error.log info
                modules = @DIR@/modules.d
                warmup = 0
                """ + configuration;
        return Files.writeString(folder.resolve("sluice.ini"), all
                .replace("@DIR@", folder.toString()).replace("@PORT@", Integer.toString(port)));
    }

    private ProcessBuilder sluice(String... words) {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/sluice").toString()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    /** What {@code sluice -t} says of a configuration with these jars. */
    public String check(String configuration) throws IOException {
        Process check = sluice("-t", "-c", write(configuration).toString()).start();
        return new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Starts it and waits until it answers. */
    public RealSluice start(String configuration) throws IOException {
        process = sluice("-c", write(configuration).toString())
                .redirectOutput(folder.resolve("output").toFile()).start();
        for (long waitedNs = 0; !listens(); waitedNs += LOOK_NS) {
            if (!process.isAlive() || waitedNs > TimeUnit.MILLISECONDS.toNanos(START_MS)) {
                String why = Files.readString(folder.resolve("output")) + errorLog();
                close();
                throw new IOException("does not start: " + why);
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return this;
    }

    private boolean listens() {
        // A socket that is bound before its worker serves keeps the request until then.
        try (Socket socket = connect()) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MS);
        socket.setSoTimeout(ANSWER_MS);
        return socket;
    }

    public String errorLog() throws IOException {
        Path log = folder.resolve("error.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** Sends a request over a connection of its own; variables and address of it do not count. */
    public TestAnswer send(TestRequest request) throws IOException {
        StringBuilder head = new StringBuilder(request.method + " " + request.target
                + " HTTP/1.1\r\nHost: " + request.authority + "\r\nConnection: close\r\n");
        request.fields.forEach(field -> head.append(field[0]).append(": ").append(field[1])
                .append("\r\n"));
        if (request.body.length > 0) {
            head.append("Content-Length: ").append(request.body.length).append("\r\n");
        }
        try (Socket socket = connect()) {
            socket.getOutputStream().write(
                    head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(request.body);
            return WireAnswer.parse(socket.getInputStream().readAllBytes());
        }
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.destroy();
            try {
                if (!process.waitFor(ANSWER_MS, TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
