package dev.sluice.master.aot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The AOT cache of one part of an installation (master or worker). Java 25 does not
 * notice every change of a jar since its cache was made and then runs the old classes
 * (JDK-8377932), so a cache is bound to its files twice:
 *
 * <ul>
 *   <li>its name holds a fingerprint of the runtime, the argument file and the bytes of all jars;
 *   <li>{@code lib/PART.stamp} holds that name and the size and time of change of each of these
 *       files. Only when all are as they were then is the cache used. That costs a stat(2) a file,
 *       and so is done at every start, by the launcher for the master and here for each worker.
 * </ul>
 *
 * <p>Immutable; the files may change under it.
 */
public final class AotCache {

    private static final String HOME_IN_ARGUMENTS = "@HOME@";
    /** Half of a SHA-256 in hexadecimal digits: enough to tell installations apart. */
    private static final int FINGERPRINT_DIGITS = 32;

    private final Path home;
    private final String part;

    /** @param part "master" or "worker" */
    public AotCache(Path home, String part) {
        this.home = home;
        this.part = part;
    }

    /** What the stamp says of the files. */
    public enum Fit { FITS, CHANGED, NONE }

    /** Whether the cache that the stamp names may be used. */
    public Fit fit() {
        try {
            List<String> stamp = Files.readAllLines(stampFile());
            if (stamp.isEmpty() || !Files.isRegularFile(library().resolve(stamp.getFirst()))) {
                return Fit.NONE;
            }
            return stamp.equals(stamp(stamp.getFirst())) ? Fit.FITS : Fit.CHANGED;
        } catch (IOException absent) {
            return Fit.NONE;
        }
    }

    /** The cache that fits now. */
    public Path file() throws IOException {
        return library().resolve(Files.readAllLines(stampFile()).getFirst());
    }

    /** The arguments of the JVM as they stand in the installation, for this home. */
    public List<String> arguments() throws IOException {
        return Files.readAllLines(argumentFile()).stream()
                .filter(line -> !line.isBlank())
                .map(line -> line.replace(HOME_IN_ARGUMENTS, home.toString()))
                .toList();
    }

    /** The name that a cache of the files as they are now has. Reads them all. */
    public String nameNow() throws IOException {
        MessageDigest digest = sha256();
        digest.update(Runtime.version().toString().getBytes());
        digest.update(System.getProperty("java.vm.version").getBytes());
        for (Path file : files()) {
            digest.update(home.relativize(file).toString().getBytes());
            // The runtime's own file is bound by the versions above, and by the JVM itself.
            if (!file.startsWith(home.resolve("runtime"))) {
                read(file, digest);
            }
        }
        String all = HexFormat.of().formatHex(digest.digest());
        return part + "-" + all.substring(0, FINGERPRINT_DIGITS) + ".aot";
    }

    /**
     * Whether the cache in use has that name. The times count too: the JVM keeps those of the jars
     * in the cache, and refuses it when they have changed.
     */
    public boolean isUpToDate(String name) throws IOException {
        return fit() == Fit.FITS && file().endsWith(name);
    }

    /** Takes a new cache into use and removes the ones before it. */
    public void install(Path made, String name) throws IOException {
        Path beside = library().resolve(name + ".new");
        Files.copy(made, beside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, library().resolve(name), StandardCopyOption.ATOMIC_MOVE);
        writeStamp(name);
        try (Stream<Path> files = Files.list(library())) {
            for (Path file : files.toList()) {
                String other = file.getFileName().toString();
                if (other.startsWith(part + "-") && other.endsWith(".aot")
                        && !other.equals(name)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private void writeStamp(String name) throws IOException {
        Path beside = library().resolve(part + ".stamp.new");
        Files.write(beside, stamp(name));
        Files.move(beside, stampFile(), StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** As stat(1) of the launcher prints it: size, seconds, path. */
    private List<String> stamp(String name) throws IOException {
        List<String> lines = new ArrayList<>(List.of(name));
        for (Path file : files()) {
            lines.add(Files.size(file) + " "
                    + Files.getLastModifiedTime(file).to(TimeUnit.SECONDS) + " "
                    + home.relativize(file));
        }
        return lines;
    }

    /** Everything that the cache was made of: the runtime, the arguments, the class path. */
    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(home.resolve("runtime/lib/modules"));
        files.add(argumentFile());
        List<String> arguments = arguments();
        String classPath = arguments.get(arguments.indexOf("-cp") + 1);
        for (String jar : classPath.split(":")) {
            files.add(Path.of(jar));
        }
        return files;
    }

    private Path library() {
        return home.resolve("lib");
    }

    private Path argumentFile() {
        return library().resolve(part + ".args");
    }

    private Path stampFile() {
        return library().resolve(part + ".stamp");
    }

    private static void read(Path file, MessageDigest digest) throws IOException {
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
