package dev.sluice.modules.redislimits;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A server of the machine, valkey-server or redis-server, without a file. Owner: the test. */
final class RedisServer implements AutoCloseable {

    private static final int LOOKS_MAX = 1000;

    final int port;
    private final Path folder;
    private Process process;

    RedisServer(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        start();
    }

    /** Null when the machine has none; .ci/run installs one. */
    static Path program() {
        return Stream.of("valkey-server", "redis-server").map(name -> Path.of("/usr/bin", name))
                .filter(Files::isExecutable).findFirst().orElse(null);
    }

    void start() throws IOException {
        process = new ProcessBuilder(List.of(program().toString(), "--port",
                Integer.toString(port), "--bind", "127.0.0.1", "--save", "", "--dir",
                folder.toString())).redirectErrorStream(true)
                .redirectOutput(folder.resolve("redis.log").toFile()).start();
        for (int i = 0; !answers(); i++) {
            if (i == LOOKS_MAX) {
                throw new IOException(Files.readString(folder.resolve("redis.log")));
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == '+';
        } catch (IOException notYet) {
            return false;
        }
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
