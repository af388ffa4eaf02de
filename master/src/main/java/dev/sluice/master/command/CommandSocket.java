package dev.sluice.master.command;

import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The socket on which the short commands ask. The JDK's own unix sockets: a short
 * command uses the other end of this and must not pay for linking the C library.
 *
 * <pre>
 *   asks     reload\n
 *            ask conns state=idle\n       a question to all workers
 *   answers  | line for the screen\n      any number of them
 *            ~\n                           so that it is noticed when the client has gone
 *            = 0\n                         the exit code; then the master closes
 * </pre>
 *
 * <p>Mode 0600: who may use it is who may signal the master. One thread accepts, one per connection
 * reads the command and writes what the reply is given, so a client that stops reading stops nobody
 * else. Owner: master loop, except what those threads run.
 */
public final class CommandSocket {

    /** Connections at a time; further ones wait to be accepted. */
    private static final int CONNECTIONS_MAX = 16;

    private static final int COMMAND_BYTES_MAX = 1024;
    private static final String ASK = "ask ";
    private static final long LOOK_MS = 500;
    private static final Duration FINISH = Duration.ofSeconds(1);

    private final ServerSocketChannel server;
    private final Path path;
    private final ErrorLog log;
    private final CommandSink sink;
    private boolean given;
    private final Semaphore free = new Semaphore(CONNECTIONS_MAX);
    private final ThreadGroup connections = new ThreadGroup("command connections");

    private CommandSocket(
            ServerSocketChannel server,
            Path path,
            ErrorLog log,
            CommandSink sink) {
        this.server = server;
        this.path = path;
        this.log = log;
        this.sink = sink;
    }

    /**
     * Opens the socket and begins to accept.
     *
     * @param sink is given each command and where its outcome goes; called by other threads
     * @throws IOException the path cannot be used, or another master answers there
     */
    public static CommandSocket open(Path path, ErrorLog log, CommandSink sink)
            throws IOException {
        refuseOther(path);
        return replace(path, log, sink);
    }

    /** @throws IOException another master answers there */
    public static void refuseOther(Path path) throws IOException {
        if (answers(path)) {
            throw new IOException("another master answers on " + path);
        }
    }

    /** The same, in the place of another master's socket, which does not notice. */
    public static CommandSocket replace(
            Path path, ErrorLog log, CommandSink sink) throws IOException {
        // Bound under another name until the mode is right: nobody connects to it in between.
        Path unfinished = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(unfinished));
            Files.setPosixFilePermissions(
                    unfinished, PosixFilePermissions.fromString("rw-------"));
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            server.close();
            throw failed;
        }
        CommandSocket socket = new CommandSocket(server, path, log, sink);
        Thread thread = new Thread(socket::acceptAll, "commands");
        thread.setDaemon(true);
        thread.start();
        return socket;
    }

    private static boolean answers(Path path) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return channel.isConnected();
        } catch (IOException nobody) {
            return false;
        }
    }

    private void acceptAll() {
        while (server.isOpen()) {
            try {
                free.acquire();
                SocketChannel channel = server.accept();
                Thread thread = new Thread(connections, () -> serve(channel), "command");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException | InterruptedException failed) {
                free.release();
                if (server.isOpen()) {
                    log.log(Level.WARN, "command socket: " + failed.getMessage());
                }
            }
        }
    }

    private void serve(SocketChannel channel) {
        Waiting reply = new Waiting();
        try (channel) {
            String words = readLine(channel);
            Command command = Command.of(words);
            boolean asks = words.startsWith(ASK);
            if (asks) {
                sink.ask(words.substring(ASK.length()), reply);
            } else if (command == null) {
                write(channel, "| unknown command\n= " + ExitCode.USAGE.number() + "\n");
                return;
            } else {
                sink.accept(command, reply);
            }
            while (true) {
                String line = asks ? reply.lines.poll(LOOK_MS, TimeUnit.MILLISECONDS)
                        : reply.lines.take();
                write(channel, line == null ? "~\n" : line);
                if (line != null && line.startsWith("=")) {
                    return;
                }
            }
        } catch (IOException | InterruptedException gone) {
            log.log(Level.INFO, "command socket: the client went away: " + gone.getMessage());
        } finally {
            reply.gone.set(true);
            free.release();
        }
    }

    /** Lines on their way from the master loop to the thread that writes them. */
    private static final class Waiting implements Reply {
        private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final AtomicBoolean gone = new AtomicBoolean();

        @Override
        public void line(String text) {
            for (String line : text.split("\n")) {
                lines.add("| " + line + "\n");
            }
        }

        @Override
        public boolean isGone() {
            return gone.get();
        }

        @Override
        public int unread() {
            return lines.size();
        }

        @Override
        public void end(ExitCode code) {
            lines.add("= " + code.number() + "\n");
        }
    }

    private static String readLine(SocketChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(COMMAND_BYTES_MAX);
        while (bytes.hasRemaining() && channel.read(bytes) > 0) {
            int last = bytes.position() - 1;
            if (bytes.get(last) == '\n') {
                return new String(bytes.array(), 0, last, StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Another master's socket is in its place: it answers whoever is connected, and stays away. */
    public void giveUp() {
        given = true;
    }

    /** Removes the socket: another master may open one. Who is connected is answered still. */
    public void close() {
        try {
            if (!given && server.isOpen()) {
                Files.deleteIfExists(path);
            }
            server.close();
        } catch (IOException stays) {
            // The next master finds that nobody answers there, and replaces it.
        }
    }

    /** Gives the last answers a second to be written: the process ends right after this. */
    public void finish() {
        Thread[] writing = new Thread[CONNECTIONS_MAX];
        int count = connections.enumerate(writing);
        try {
            for (int i = 0; i < count; i++) {
                if (!writing[i].join(FINISH)) {
                    return;
                }
            }
        } catch (InterruptedException ending) {
            // What was not written is not written.
        }
    }
}
