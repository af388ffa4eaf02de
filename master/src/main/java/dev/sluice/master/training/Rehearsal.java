package dev.sluice.master.training;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.master.MasterMain;
import dev.sluice.master.cli.ArgumentReader;
import dev.sluice.master.cli.ShortCommands;
import dev.sluice.master.command.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;

/**
 * The recorded process: the short commands, then a master like any other, which a thread of its own
 * sends traffic to, reloads and ends. Owner: the main thread.
 */
public final class Rehearsal {

    private Rehearsal() {}

    /** @param words the folder with the configuration, and the port that it listens on */
    public static void main(String[] words) throws InterruptedException {
        Path folder = Path.of(words[0]);
        int port = Integer.parseInt(words[1]);
        String config = folder.resolve(RehearsalFiles.CONFIG).toString();
        command("-v");
        command("-V");
        command("-t", "-c", config);
        command("-T", "-c", config);
        System.out.print(new ArgumentReader().help());
        Thread traffic = new Thread(() -> play(folder, port, config), "traffic");
        traffic.setDaemon(true);
        traffic.start();
        MasterMain.main(new String[] {"-c", config});
    }

    private static void play(Path folder, int port, String config) {
        try {
            awaitSecure(folder);
            RehearsalTraffic.run(SocketFactory.getDefault(), port);
            RehearsalFiles.change(folder);
            require(command("-s", "reload", "-c", config));
            require(command("-s", "reopen", "-c", config));
            RehearsalTraffic.run(SocketFactory.getDefault(), port);
            require(command("-s", "quit", "-c", config));
        } catch (InterruptedException | IOException failed) {
            System.err.println("rehearsal: [error] " + failed);
            Runtime.getRuntime().halt(1);
        }
    }

    /** Those clients are another process: the master needs none of what makes a client of TLS. */
    private static void awaitSecure(Path folder) throws IOException {
        long deadline = SystemClock.INSTANCE.nowNs() + RehearsalTraffic.START_LIMIT_NS;
        while (!RehearsalFiles.secureEnded(folder)) {
            if (SystemClock.INSTANCE.nowNs() > deadline) {
                throw new IOException("no clients with TLS");
            }
            LockSupport.parkNanos(RehearsalTraffic.PAUSE_NS);
        }
    }

    private static void require(ExitCode code) throws IOException {
        if (code != ExitCode.DONE && code != ExitCode.FAILED) {
            throw new IOException("a command ended with " + code);
        }
    }

    private static ExitCode command(String... words) throws InterruptedException {
        PrintStream out = System.out;
        var arguments = new ArgumentReader().read(words);
        var commands = new ShortCommands(arguments, out, out);
        return switch (arguments.action()) {
            case VERSION -> commands.version(false);
            case VERSIONS -> commands.version(true);
            case TEST -> commands.test(false);
            case DUMP -> commands.test(true);
            case ASK -> commands.ask();
            case RUN, HELP -> throw new IllegalArgumentException(String.join(" ", words));
        };
    }
}
