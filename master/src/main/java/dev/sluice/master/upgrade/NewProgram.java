package dev.sluice.master.upgrade;

import dev.sluice.master.system.Posix;
import dev.sluice.master.system.Spawner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The program of this installation as it is on disk now, as a process. setsid(1) lets it go, so
 * that its parent is init or systemd from the start, who is to notice its end; a shell in between
 * tells its pid before anything of the new program runs. Owner: master loop.
 *
 * <pre>
 *   descriptor   1, 2 RUN/upgrade.out   3 link   4, 5 this master's output   6... listeners
 * </pre>
 */
public final class NewProgram implements Upgrade.Program {

    /** Names the descriptor of the link to the new program. */
    static final String VARIABLE = "SLUICE_UPGRADE";

    static final int LINK = Spawner.FIRST_FD;
    private static final String SETSID = "/usr/bin/setsid";
    private static final String TELL_PID = "echo $$ >&" + LINK + " && exec \"$@\"";
    private static final int OUTPUT_LINES_MAX = 20;
    private static final int OUTPUT_BYTES_MAX = 16 * 1024;

    private final List<String> words;
    private final Path outputFile;
    private final List<Integer> sockets = new ArrayList<>();
    private final Executor loop;
    private LineLink link;

    /**
     * @param words the command line of the program
     * @param outputFile takes what it prints until it is the master
     * @param loop runs what the process causes
     */
    public NewProgram(List<String> words, Path outputFile, Executor loop) {
        this.words = List.copyOf(words);
        this.outputFile = outputFile;
        this.loop = loop;
    }

    /**
     * What is inherited.
     *
     * @return LISTEN lines: a key and the numbers of its sockets in the new process
     */
    public List<List<String>> hand(Map<String, List<Integer>> byKey) {
        sockets.clear();
        List<List<String>> lines = new ArrayList<>();
        byKey.forEach((key, fds) -> {
            List<String> line = new ArrayList<>(List.of("LISTEN", key));
            for (int fd : fds) {
                line.add(Integer.toString(LINK + 3 + sockets.size()));
                sockets.add(fd);
            }
            lines.add(line);
        });
        return lines;
    }

    @Override
    public void start(Consumer<List<String>> said, Runnable ended) throws IOException {
        Files.deleteIfExists(outputFile);
        if (!Files.isExecutable(Path.of(SETSID))) {
            throw new IOException(SETSID + " is not there (package util-linux)");
        }
        List<String> command = new ArrayList<>(
                List.of(SETSID, "-f", "/bin/sh", "-c", TELL_PID, "sluice"));
        command.addAll(words);
        int[] pair = Posix.socketPair();
        int out = Posix.duplicate(1);
        int err = Posix.duplicate(2);
        List<Integer> handedDown = new ArrayList<>(List.of(pair[1], out, err));
        handedDown.addAll(sockets);
        try {
            long child = new Spawner(environment()).spawn(
                    new Spawner.Command(command, handedDown, outputFile.toString()));
            // It ends at once: only its child goes on.
            ProcessHandle.of(child).ifPresentOrElse(
                    process -> process.onExit().thenRun(() -> Posix.reap(child)),
                    () -> Posix.reap(child));
        } catch (IOException failed) {
            Posix.close(pair[0]);
            throw failed;
        } finally {
            Posix.close(pair[1]);
            Posix.close(out);
            Posix.close(err);
        }
        link = new LineLink(pair[0]);
        link.start(line -> loop.execute(() -> said.accept(line)), () -> loop.execute(ended));
    }

    /** Ours, but for what systemd says to this process alone. */
    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeAll(
                List.of("WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"));
        environment.put(VARIABLE, Integer.toString(LINK));
        return environment;
    }

    @Override
    public void send(List<String> line) {
        if (link != null) {
            link.send(line);
        }
    }

    @Override
    public void kill(long pid, int signal) {
        Posix.kill(pid, signal);
    }

    @Override
    public List<String> output() {
        try {
            byte[] all = Files.exists(outputFile) ? Files.readAllBytes(outputFile) : new byte[0];
            int from = Math.max(0, all.length - OUTPUT_BYTES_MAX);
            List<String> lines =
                    new String(all, from, all.length - from, StandardCharsets.UTF_8).lines()
                            .filter(line -> !line.startsWith("NOTE: Picked up")).toList();
            return lines.subList(Math.max(0, lines.size() - OUTPUT_LINES_MAX), lines.size());
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** Whether its process lives, as far as is known. */
    public boolean running() {
        return link != null;
    }

    @Override
    public void close() {
        if (link != null) {
            link.close();
            link = null;
        }
        try {
            Files.deleteIfExists(outputFile);
        } catch (IOException stays) {
            // The next attempt replaces it.
        }
    }
}
