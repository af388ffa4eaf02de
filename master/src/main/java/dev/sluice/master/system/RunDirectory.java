package dev.sluice.master.system;

import dev.sluice.common.config.ModuleConfig;
import dev.sluice.common.config.ModuleJar;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.WorkerImage;
import dev.sluice.common.counters.CounterFile;
import dev.sluice.common.counters.CounterLabels;
import dev.sluice.common.flight.FlightFile;
import dev.sluice.common.zones.LimitZone;
import dev.sluice.common.zones.ZoneSpec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder where one running master keeps what its workers and the short commands read. Owner:
 * master loop.
 *
 * <pre>
 *   RUN/sluice.sock              command socket, mode 0600
 *   RUN/gen-7.image              configuration of generation 7
 *   RUN/counters/slot0-gen7-12.ctr   counters of the twelfth process this master started
 *   RUN/counters/slot0-gen7-12.flight   its last requests
 *   RUN/zones/limit-per_client-v1-20480.zone   state that all workers share
 *   RUN/tickets                  secret of session tickets, mode 0600
 *   RUN/answers                  answers of authorities about certificates, mode 0600
 *   RUN/crash/                   reports of a JVM that crashed
 *   RUN/flight/                  last requests of workers that died, or failed
 * </pre>
 */
public final class RunDirectory {

    private static final Set<PosixFilePermission> OWNER_AND_GROUP =
            PosixFilePermissions.fromString("rw-r-----");

    /** Another one each time the machine boots: random(4). */
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final Pattern COUNTERS =
            Pattern.compile("slot[0-9]+-gen([0-9]{1,9})-[0-9]+\\.ctr");

    private final Path root;

    public RunDirectory(Path root) {
        this.root = root;
    }

    public Path root() {
        return root;
    }

    public Path countersDirectory() {
        return root.resolve("counters");
    }

    public Path zonesDirectory() {
        return root.resolve("zones");
    }

    /** Made when it is needed. */
    public Path flightDirectory() {
        return root.resolve("flight");
    }

    public Path crashDirectory() {
        return root.resolve("crash");
    }

    /** The command socket of a run directory; the short commands find the master by it. */
    public static Path commandSocket(Path root) {
        return root.resolve("sluice.sock");
    }

    /**
     * Makes the folders and removes what an earlier master left, but for state of rates that is
     * wanted. Only after the pid file is taken: before that the files may be those of a living
     * master.
     *
     * @param wanted the zones of the configuration that is about to be served
     */
    public void prepare(Account workers, Collection<ZoneSpec> wanted) throws IOException {
        Files.createDirectories(countersDirectory());
        Files.createDirectories(zonesDirectory());
        Files.createDirectories(crashDirectory());
        give(crashDirectory(), workers);
        removeAll(root, "gen-*.image*");
        removeAll(countersDirectory(), "*.ctr*");
        keepFlights();
        keepRates(wanted);
    }

    /**
     * What clients have used up of their rates holds for the next master, too, whether the one
     * before was killed or stopped. Other zones count what processes do that are gone. Times in
     * them are those of the machine's monotonic clock, which begins anew when it boots; so they
     * lie beside the identity of the boot.
     */
    private void keepRates(Collection<ZoneSpec> wanted) throws IOException {
        Path mark = zonesDirectory().resolve("boot");
        String boot = Files.readString(BOOT_ID);
        boolean same = Files.isRegularFile(mark) && Files.readString(mark).equals(boot);
        Set<String> kept = new HashSet<>();
        for (ZoneSpec spec : wanted) {
            if (same && spec.kind().equals(LimitZone.KIND)) {
                kept.add(spec.fileName());
            }
        }
        removeAll(zonesDirectory(), "*.zone*", kept);
        if (!same) {
            Files.writeString(mark, boot);
        }
    }

    /** What workers of a master that was killed did last is still of interest. */
    private void keepFlights() throws IOException {
        removeAll(countersDirectory(), "*.flight.new");
        try (DirectoryStream<Path> left =
                Files.newDirectoryStream(countersDirectory(), "*.flight")) {
            for (Path file : left) {
                if (!Files.isDirectory(flightDirectory())) {
                    Files.createDirectory(flightDirectory(), PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwxr-x---")));
                }
                Files.move(file, flightDirectory().resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Makes what is missing beside the files of a master that is to be replaced. */
    public void join(Account workers) throws IOException {
        Files.createDirectories(countersDirectory());
        Files.createDirectories(crashDirectory());
        Files.createDirectories(zonesDirectory());
        give(crashDirectory(), workers);
    }

    /** Removes what a master left that was to begin with this generation, and has ended. */
    public void forget(int generation) throws IOException {
        removeAll(root, "gen-" + generation + ".image*");
        removeAll(countersDirectory(), "*-gen" + generation + "-*.ctr*");
        removeAll(countersDirectory(), "*-gen" + generation + "-*.flight*");
    }

    /** What the workers of another master's generations, up to this one, have counted. */
    public List<Path> countersUpTo(int generation) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(countersDirectory(), "*.ctr")) {
            for (Path file : all) {
                Matcher name = COUNTERS.matcher(file.getFileName().toString());
                if (name.matches() && Integer.parseInt(name.group(1)) <= generation) {
                    files.add(file);
                }
            }
        } catch (IOException unreadable) {
            // Then its counts are not known.
        }
        return files;
    }

    private static void removeAll(Path folder, String glob) throws IOException {
        removeAll(folder, glob, Set.of());
    }

    private static void removeAll(Path folder, String glob, Set<String> but) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, glob)) {
            for (Path file : left) {
                if (!but.contains(file.getFileName().toString())) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Writes the configuration of a generation; the file appears whole or not at all. */
    public Path writeConfig(int generation, SluiceConfig config, Account workers)
            throws IOException {
        Path file = root.resolve("gen-" + generation + ".image");
        Path unfinished = root.resolve("gen-" + generation + ".image.new");
        Files.deleteIfExists(unfinished);
        // It may hold secrets: readable by the workers, not by the world.
        Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(OWNER_AND_GROUP));
        Files.write(unfinished, WorkerImage.of(config, root));
        give(unfinished, workers);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        return file;
    }

    /**
     * Copies the jars of modules to where workers read them, each under the name of its digest: a
     * jar that is replaced under a JVM would break it. Copies that nobody uses any more go.
     *
     * @param living digests of the jars of all generations that live
     * @throws IOException a jar cannot be copied, or is not the one that was checked
     */
    public void keepModules(List<ModuleConfig> modules, Set<String> living, Account workers)
            throws IOException {
        Path folder = root.resolve(WorkerImage.MODULE_COPIES);
        if (modules.isEmpty() && !Files.exists(folder)) {
            return;
        }
        Files.createDirectories(folder);
        Set<Path> used = new HashSet<>();
        living.forEach(digest -> used.add(folder.resolve(digest + ".jar")));
        for (ModuleConfig module : modules) {
            ModuleJar jar = module.jar();
            Path copy = folder.resolve(jar.sha256() + ".jar");
            used.add(copy);
            if (Files.exists(copy)) {
                continue;
            }
            byte[] content = Files.readAllBytes(jar.file());
            if (!ModuleJar.sha256(content).equals(jar.sha256())) {
                throw new IOException(jar.file() + " has just changed; ask for the reload again");
            }
            Path unfinished = folder.resolve(jar.sha256() + ".new");
            Files.write(unfinished, content);
            give(unfinished, workers);
            Files.move(unfinished, copy, StandardCopyOption.ATOMIC_MOVE);
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path file : all) {
                if (!used.contains(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Removes the configuration of a generation that no process uses any more. */
    public void removeConfig(int generation) {
        try {
            Files.deleteIfExists(root.resolve("gen-" + generation + ".image"));
        } catch (IOException stays) {
            // The next start removes it.
        }
    }

    /**
     * Makes a counter file for one process. Each process has its own file, a respawned one too: so
     * the totals of a dead one stay readable and nothing that was counted is lost.
     */
    public Path newCounters(
            int slot, int generation, long serial, CounterLabels labels, Account workers)
            throws IOException {
        String name = "slot" + slot + "-gen" + generation + "-" + serial + ".ctr";
        Path file = countersDirectory().resolve(name);
        CounterFile.create(file, labels);
        give(file, workers);
        return file;
    }

    /** Makes the file of the flight recorder of the process that has these counters. */
    public void newFlight(Path counters, int records, CounterLabels labels, Account workers)
            throws IOException {
        Path file = FlightFile.beside(counters);
        FlightFile.create(file, records, labels.terminations(), labels.servers());
        give(file, workers);
    }

    static void give(Path file, Account workers) throws IOException {
        if (workers != null
                && !Posix.chown(file.toString(), workers.uid(), workers.gid())) {
            throw new IOException("cannot give " + file + " to user " + workers.name());
        }
    }
}
