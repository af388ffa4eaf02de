package dev.sluice.master.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jnr.posix.SpawnAttribute;
import jnr.posix.SpawnFileAction;

/**
 * Starts a child with exactly the descriptors it is meant to have. {@code ProcessBuilder} closes
 * everything above 2 in the child, so this is posix_spawn(3).
 *
 * <p>Owner: master loop. Always the same thread, because a child inherits the processor set of the
 * thread that spawned it; and the thread that opens the listening sockets, so that none of them
 * appears while a child is being made.
 */
public final class Spawner {

    /** Number of the first inherited descriptor in the child; 0, 1 and 2 are the standard ones. */
    public static final int FIRST_FD = 3;

    /**
     * How far above the highest open descriptor the child closes. A thread that opens something
     * while a child is being made gets the lowest free number, so it takes this many at once to
     * leave one open.
     */
    private static final int CLOSE_MARGIN = 64;

    private static final int O_RDONLY = 0;
    private static final int O_APPEND_CREATE_WRITE = 0x400 | 0x40 | 1;
    private static final int MODE_LOG = 0644;

    /** What the child is started with; the environment is the master's own. */
    public record Command(List<String> words, List<Integer> descriptors, String stderrPath) {
        public Command {
            words = List.copyOf(words);
            descriptors = List.copyOf(descriptors);
        }
    }

    private final List<String> environment;

    public Spawner(Map<String, String> environment) {
        this.environment =
                environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }

    /**
     * Spawns in a process group of its own, so that Ctrl-C in a terminal reaches the master alone,
     * which then ends its workers in order.
     *
     * @return the pid
     * @throws IOException nothing was started
     */
    public long spawn(Command command) throws IOException {
        Posix.markAllCloseOnExec();
        long pid =
                Posix.api()
                        .posix_spawnp(
                                command.words().getFirst(),
                                actions(command),
                                List.of(
                                        SpawnAttribute.flags((short) SpawnAttribute.SETPGROUP),
                                        SpawnAttribute.pgroup(0)),
                                command.words(),
                                environment);
        if (pid <= 0) {
            throw new IOException(
                    "cannot start " + command.words().getFirst() + ": " + Posix.lastError());
        }
        return pid;
    }

    private static List<SpawnFileAction> actions(Command command) {
        List<SpawnFileAction> actions = new ArrayList<>();
        actions.add(SpawnFileAction.open("/dev/null", 0, O_RDONLY, 0));
        if (command.stderrPath() != null) {
            // What the JVM itself prints (a thread dump, a crash report's path) belongs into the
            // error log. It is opened here, before the child gives up its privileges.
            String path = command.stderrPath();
            actions.add(SpawnFileAction.open(path, 2, O_APPEND_CREATE_WRITE, MODE_LOG));
        }
        actions.add(SpawnFileAction.dup(2, 1));
        for (DescriptorMoves.Move m : DescriptorMoves.of(command.descriptors(), FIRST_FD)) {
            actions.add(
                    m.to() == DescriptorMoves.CLOSE
                            ? SpawnFileAction.close(m.from())
                            : SpawnFileAction.dup(m.from(), m.to()));
        }
        // What another thread opened after everything was marked close-on-exec: the JDK does not
        // mark its own. Closing a number that is not open is no error here.
        int end = Posix.highestDescriptor() + CLOSE_MARGIN;
        for (int fd = FIRST_FD + command.descriptors().size(); fd <= end; fd++) {
            actions.add(SpawnFileAction.close(fd));
        }
        return actions;
    }
}
