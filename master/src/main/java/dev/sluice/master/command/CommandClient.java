package dev.sluice.master.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** The short command's side of {@link CommandSocket}. Stateless. */
public final class CommandClient {

    private CommandClient() {}

    /**
     * Asks and waits for the outcome. STOP and QUIT are answered when the master has given up its
     * addresses, its pid file and its command socket: a new one may start right after.
     *
     * @param limit how long to wait; zero waits for ever
     * @param screen is given each line of the answer
     */
    public static ExitCode ask(
            Path socket, Command command, Duration limit, Consumer<String> screen)
            throws InterruptedException {
        return ask(socket, command.word(), limit, screen);
    }

    /**
     * The same with any line.
     *
     * @throws RuntimeException what the screen has thrown, to end it
     */
    public static ExitCode ask(
            Path socket, String words, Duration limit, Consumer<String> screen)
            throws InterruptedException {
        AtomicReference<RuntimeException> thrown = new AtomicReference<>();
        AtomicReference<ExitCode> outcome = new AtomicReference<>();
        Thread thread =
                new Thread(() -> {
                    try {
                        outcome.set(talk(socket, words, screen));
                    } catch (RuntimeException ends) {
                        thrown.set(ends);
                    }
                }, "command");
        thread.setDaemon(true);
        thread.start();
        if (limit.isZero()) {
            thread.join();
        } else if (!thread.join(limit)) {
            screen.accept("no outcome within " + limit.toSeconds() + " s; the master works on");
            return ExitCode.TIMED_OUT;
        }
        if (thrown.get() != null) {
            throw thrown.get();
        }
        return outcome.get();
    }

    private static ExitCode talk(Path socket, String words, Consumer<String> screen) {
        ExitCode code = null;
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            byte[] word = (words + "\n").getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(word));
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    Channels.newInputStream(channel), StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("= ")) {
                    code = ExitCode.of(Integer.parseInt(line.substring(2)));
                } else if (line.startsWith("| ")) {
                    screen.accept(line.substring(2));
                }
            }
        } catch (IOException failed) {
            if (code == null) {
                screen.accept("no master answers on " + socket + ": " + failed.getMessage());
                return ExitCode.NOT_RUNNING;
            }
        }
        if (code == null) {
            screen.accept("the master went away before the outcome was known");
            return ExitCode.FAILED;
        }
        return code;
    }
}
