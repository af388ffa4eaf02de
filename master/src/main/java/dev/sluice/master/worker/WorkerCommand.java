package dev.sluice.master.worker;

import dev.sluice.common.aot.AotFlag;
import dev.sluice.common.control.WorkerOptions;
import dev.sluice.master.aot.AotCache;
import dev.sluice.master.system.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The words that start a worker: its JVM, and in front of it the two programs of util-linux that
 * set what a JVM cannot set for itself. Both replace themselves by the next program, so the pid is
 * the JVM's.
 *
 * <pre>
 *   [taskset -c CPU] [setpriv --reuid U ...] java FLAGS dev.sluice.worker.boot.WorkerMain OPTIONS
 * </pre>
 *
 * <p>Written at boot, then read-only.
 *
 * @param java the JVM and its flags, up to and with the main class
 * @param cache what may shorten its start, or null
 */
public record WorkerCommand(List<String> java, AotCache cache) {

    private static final String MAIN_CLASS = "dev.sluice.worker.boot.WorkerMain";
    private static final String TASKSET = "/usr/bin/taskset";
    private static final String SETPRIV = "/usr/bin/setpriv";
    /** A folder: the worker leaves there what a cache is made of. See the package training. */
    private static final String REHEARSAL = System.getProperty("sluice.rehearsal");

    public WorkerCommand {
        java = List.copyOf(java);
    }

    /** A command without a cache. */
    public WorkerCommand(List<String> java) {
        this(java, null);
    }

    /**
     * The command of the installation that this master runs from; from an IDE, where there is none,
     * the master's own JVM and class path.
     *
     * @throws IOException the file with the JVM flags cannot be read
     */
    public static WorkerCommand ofInstallation(Path crashDirectory) throws IOException {
        String home = System.getProperty("sluice.home");
        if (home != null) {
            return of(Path.of(home), crashDirectory);
        }
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("--enable-native-access=ALL-UNNAMED");
        words.add("--sun-misc-unsafe-memory-access=allow");
        String natives = System.getProperty("java.library.path");
        if (natives != null) {
            words.add("-Djava.library.path=" + natives);
        }
        words.add("-cp");
        words.add(System.getProperty("java.class.path"));
        return ended(words, null, crashDirectory);
    }

    /**
     * The command of the installation in this folder.
     *
     * @throws IOException the file with the JVM flags cannot be read
     */
    public static WorkerCommand of(Path home, Path crashDirectory) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(home.resolve("runtime/bin/java").toString());
        AotCache cache = new AotCache(home, "worker");
        words.addAll(cache.arguments());
        return ended(words, cache, crashDirectory);
    }

    private static WorkerCommand ended(List<String> words, AotCache cache, Path crashDirectory) {
        words.add("-XX:ErrorFile=" + crashDirectory.resolve("hs_err_pid%p.log"));
        words.add(MAIN_CLASS);
        return new WorkerCommand(words, cache);
    }

    /**
     * @param operators further flags, see {@code JvmOptions}
     * @param account whom to become, or null to keep the master's user
     * @param cpu the only processor the worker may use, or -1
     * @throws IOException a program in front of the JVM is not installed
     */
    List<String> words(
            WorkerOptions options, List<String> operators, Account account, int cpu)
            throws IOException {
        List<String> words = new ArrayList<>();
        if (cpu >= 0) {
            words.addAll(List.of(installed(TASKSET), "-c", Integer.toString(cpu)));
        }
        if (account != null) {
            // The bounding set goes too: nothing the worker ever executes can get a capability
            // back.
            words.addAll(
                    List.of(
                            installed(SETPRIV),
                            "--reuid=" + account.uid(),
                            "--regid=" + account.gid(),
                            "--init-groups",
                            "--inh-caps=-all",
                            "--bounding-set=-all",
                            "--no-new-privs",
                            "--"));
        }
        words.add(java.getFirst());
        words.addAll(cacheFlags());
        words.addAll(java.subList(1, java.size() - 1));
        words.addAll(operators);
        words.add(java.getLast());
        words.addAll(options.format());
        return words;
    }

    /** Asked for each worker: a package may have been upgraded since the last one started. */
    private List<String> cacheFlags() throws IOException {
        if (cache == null) {
            return List.of();
        }
        if (REHEARSAL != null) {
            return List.of("-XX:AOTMode=record",
                    "-XX:AOTConfiguration=" + REHEARSAL + "/worker.aotconf");
        }
        return switch (cache.fit()) {
            case FITS -> AotFlag.of(cache.file());
            case CHANGED -> AotFlag.ofChanged();
            case NONE -> List.of();
        };
    }

    private static String installed(String program) throws IOException {
        if (!Files.isExecutable(Path.of(program))) {
            throw new IOException(program + " is not there (package util-linux)");
        }
        return program;
    }
}
