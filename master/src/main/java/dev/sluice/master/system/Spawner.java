package dev.sluice.master.system;

import dev.sluice.common.linux.CLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;

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
    private static final int SETPGROUP = 2;
    /** More than either record of posix_spawn(3) takes in any C library: glibc's has 336. */
    private static final int RECORD_BYTES = 1024;

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
        try (Arena arena = Arena.ofConfined()) {
            return new Spawn(arena).of(command, environment);
        }
    }

    /** The functions of posix_spawn(3), each linked when the first child is made. */
    private static final class Functions {
        static final MethodHandle ACTIONS_INIT = actions("init");
        static final MethodHandle ACTIONS_OPEN = actions("addopen");
        static final MethodHandle ACTIONS_DUP = actions("adddup2");
        static final MethodHandle ACTIONS_CLOSE = actions("addclose");
        static final MethodHandle ACTIONS_DESTROY = actions("destroy");
        static final MethodHandle HOW_INIT = CLibrary.link("posix_spawnattr_init");
        static final MethodHandle HOW_FLAGS = CLibrary.link("posix_spawnattr_setflags");
        static final MethodHandle HOW_GROUP = CLibrary.link("posix_spawnattr_setpgroup");
        static final MethodHandle HOW_DESTROY = CLibrary.link("posix_spawnattr_destroy");
        static final MethodHandle SPAWN = CLibrary.link("posix_spawnp");

        private static MethodHandle actions(String what) {
            return CLibrary.link("posix_spawn_file_actions_" + what);
        }
    }

    /** One child being made, in memory that ends with it. */
    private static final class Spawn {

        private final Arena arena;
        private final MemorySegment errno;
        private final long actions;
        private final long how;

        Spawn(Arena arena) {
            this.arena = arena;
            this.errno = CLibrary.errnoPlace(arena);
            this.actions = arena.allocate(RECORD_BYTES, Long.BYTES).address();
            this.how = arena.allocate(RECORD_BYTES, Long.BYTES).address();
        }

        long of(Command command, List<String> environment) throws IOException {
            checked(Functions.ACTIONS_INIT, actions, 0, 0, 0, 0);
            checked(Functions.HOW_INIT, how, 0, 0, 0, 0);
            try {
                checked(Functions.HOW_FLAGS, how, SETPGROUP, 0, 0, 0);
                checked(Functions.HOW_GROUP, how, 0, 0, 0, 0);
                descriptors(command);
                MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
                String program = command.words().getFirst();
                int error = (int) CLibrary.invoke(Functions.SPAWN, errno, pid.address(),
                        text(program), actions, how, texts(command.words()), texts(environment));
                if (error != 0) {
                    throw new IOException(
                            "cannot start " + program + ": " + Posix.errorText(error));
                }
                return pid.get(ValueLayout.JAVA_INT, 0);
            } finally {
                CLibrary.invoke(Functions.ACTIONS_DESTROY, errno, actions, 0, 0, 0, 0, 0);
                CLibrary.invoke(Functions.HOW_DESTROY, errno, how, 0, 0, 0, 0, 0);
            }
        }

        private void descriptors(Command command) throws IOException {
            open("/dev/null", 0, O_RDONLY, 0);
            if (command.stderrPath() != null) {
                // What the JVM itself prints (a thread dump, a crash report's path) belongs into
                // the error log. It is opened here, before the child gives up its privileges.
                open(command.stderrPath(), 2, O_APPEND_CREATE_WRITE, MODE_LOG);
            }
            checked(Functions.ACTIONS_DUP, actions, 2, 1, 0, 0);
            for (DescriptorMoves.Move m : DescriptorMoves.of(command.descriptors(), FIRST_FD)) {
                if (m.to() == DescriptorMoves.CLOSE) {
                    checked(Functions.ACTIONS_CLOSE, actions, m.from(), 0, 0, 0);
                } else {
                    checked(Functions.ACTIONS_DUP, actions, m.from(), m.to(), 0, 0);
                }
            }
            // What another thread opened after everything was marked close-on-exec: the JDK does
            // not mark its own. Closing a number that is not open is no error here, nor is one
            // above the limit of open files, which cannot be open.
            int end = Posix.highestDescriptor() + CLOSE_MARGIN;
            for (int fd = FIRST_FD + command.descriptors().size(); fd <= end; fd++) {
                CLibrary.invoke(Functions.ACTIONS_CLOSE, errno, actions, fd, 0, 0, 0, 0);
            }
        }

        private void open(String path, int fd, int flags, int mode) throws IOException {
            checked(Functions.ACTIONS_OPEN, actions, fd, text(path), flags, mode);
        }

        /** These functions answer an error number. */
        private void checked(MethodHandle function, long a, long b, long c, long d, long e)
                throws IOException {
            int error = (int) CLibrary.invoke(function, errno, a, b, c, d, e, 0);
            if (error != 0) {
                throw new IOException("posix_spawn cannot be prepared: " + Posix.errorText(error));
            }
        }

        private long text(String text) {
            return arena.allocateFrom(text).address();
        }

        /** An array of pointers that ends with none. */
        private long texts(List<String> texts) {
            MemorySegment pointers = arena.allocate((texts.size() + 1L) * Long.BYTES, Long.BYTES);
            for (int i = 0; i < texts.size(); i++) {
                pointers.setAtIndex(ValueLayout.JAVA_LONG, i, text(texts.get(i)));
            }
            return pointers.address();
        }
    }
}
