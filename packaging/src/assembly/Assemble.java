import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Puts the distribution together from what the modules have built.
 *
 * <pre>
 *   bin/sluice        the launcher
 *   version           what it answers to -v
 *   lib/*.jar         ours and what they need, each once
 *   lib/master.args   one JVM argument a line; @HOME@ stands for this folder
 *   lib/worker.args   the same for a worker
 *   lib/*.aot         caches of loaded classes, named by what they were made of
 *   lib/*.stamp       which of them, and the files they fit
 *   native/*.so       unpacked by the build: nothing is extracted into /tmp at run time
 *   runtime/          a linked JDK, with its class data archive
 *   conf/             the default configuration
 *   modules-available drop-in modules, each a jar and its README; they do nothing until named
 * </pre>
 *
 * <p>Runs from its source on the JDK that builds. A second run does only what has changed.
 */
final class Assemble {

    /** What the jars need of the JDK, and jcmd and jfr for the operator. */
    private static final String RUNTIME_MODULES = "java.base,java.logging,java.management,"
            + "java.naming,jdk.crypto.ec,jdk.jcmd,jdk.jfr,jdk.management,jdk.net,jdk.unsupported";

    private static final List<String> RUNTIME_OPTIONS = List.of("--strip-debug",
            "--no-header-files", "--no-man-pages", "--compress=zip-6");

    /**
     * The list of security providers names those of all modules of a JDK. Whatever none of them
     * knows, as a group of TLS, is looked for in the ones that are not here by ServiceLoader, which
     * finds and loads all of BouncyCastle: 1.3 s when a worker with TLS starts.
     */
    private static final List<String> SECURITY_PROVIDERS =
            List.of("SUN", "SunRsaSign", "SunEC", "SunJSSE", "SunJCE");
    private static final String PROVIDER = "security.provider.";

    /**
     * The archive of the JDK's classes is made for compact object headers, which both processes
     * run with; without a matching archive a JVM takes twice as long to start.
     */
    private static final List<String> ARCHIVE_OPTIONS = List.of("-Xshare:dump",
            "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders");

    /** A cache that does not fit is said once, in the error log, and not on standard output. */
    private static final String QUIET_CACHE = "-Xlog:aot*=off,cds*=off";

    /**
     * Maps the cache where its addresses were made for. Else every page with an address in it is
     * written at the start and belongs to one process alone: 8 MB a worker. Given up is that the
     * place of class metadata is random; code, heap, stacks and libraries stay so.
     */
    private static final String MAPPED_IN_PLACE = "-XX:ArchiveRelocationMode=0";
    /** Not looked for in all jars, whose indexes would be read for it: 130 ms of every start. */
    private static final String NAMED_SELECTOR = "-Djava.nio.channels.spi.SelectorProvider="
            + "sun.nio.ch.EPollSelectorProvider";
    private static final String UNLOCK = "-XX:+UnlockDiagnosticVMOptions";

    /** Small and quick to start: the master handles no request. */
    private static final List<String> MASTER_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xms8m",
            "-Xmx64m",
            "-Xss512k",
            QUIET_CACHE,
            UNLOCK,
            MAPPED_IN_PLACE,
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dsluice.home=@HOME@",
            "-Djava.library.path=@HOME@/native",
            NAMED_SELECTOR,
            "-Dio.netty.leakDetection.level=disabled",
            "-Dio.netty.jfr.enabled=false");

    /**
     * One loop thread that allocates next to nothing: a small heap whose young part fits the L2
     * cache, both compilers. The slabs are memory of Netty's, taken by malloc (that is what opening
     * java.nio is for: other ways write zeroes into pages that nobody has asked for yet). The
     * number of slabs is bounded by the configuration, so Netty's own bound is out of its way.
     */
    private static final List<String> WORKER_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:TrimNativeHeapInterval=10000",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xms16m",
            "-Xmn8m",
            "-Xmx64m",
            "-Xss512k",
            QUIET_CACHE,
            UNLOCK,
            MAPPED_IN_PLACE,
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-Dsluice.home=@HOME@",
            "-Djava.library.path=@HOME@/native",
            NAMED_SELECTOR,
            "-Dio.netty.availableProcessors=1",
            "-Dio.netty.leakDetection.level=disabled",
            "-Dio.netty.allocator.type=unpooled",
            "-Dio.netty.recycler.maxCapacityPerThread=0",
            "-Dio.netty.tryReflectionSetAccessible=true",
            // Netty calls a few methods once, by reflection: linking each would take longer.
            "-Djdk.reflect.useNativeAccessorOnly=true",
            "-Dio.netty.maxDirectMemory=68719476736",
            "-Dio.netty.osClassifiers=",
            "-Dio.netty.jfr.enabled=false");

    private final Path root;
    private final Path home;
    private final String version;

    private Assemble(Path root, Path home, String version) {
        this.root = root;
        this.home = home;
        this.version = version;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var assemble = new Assemble(Path.of(arguments[0]).toRealPath(), Path.of(arguments[1]),
                arguments[2]);
        Files.createDirectories(assemble.home);
        assemble.linkRuntime();
        assemble.copyLibraries();
        assemble.copyLauncher();
        assemble.copyConfiguration();
        assemble.copyModules();
        assemble.train();
    }

    /** Linking takes seconds, so it is left out while JDK, modules and options are the same. */
    private void linkRuntime() throws IOException, InterruptedException {
        Path runtime = home.resolve("runtime");
        Path stamp = home.resolveSibling("runtime.stamp");
        String wanted = System.getProperty("java.vm.vendor") + " "
                + System.getProperty("java.vm.version") + " " + RUNTIME_MODULES + " "
                + RUNTIME_OPTIONS + " " + ARCHIVE_OPTIONS + " " + SECURITY_PROVIDERS + "\n";
        if (Files.exists(runtime) && Files.exists(stamp)
                && Files.readString(stamp).equals(wanted)) {
            return;
        }
        Files.deleteIfExists(stamp);
        deleteTree(runtime);
        var link = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin",
                "jlink").toString(), "--add-modules", RUNTIME_MODULES,
                "--output", runtime.toString()));
        link.addAll(RUNTIME_OPTIONS);
        run(link);
        nameProviders(runtime.resolve("conf/security/java.security"));
        var archive = new ArrayList<>(List.of(runtime.resolve("bin/java").toString()));
        archive.addAll(ARCHIVE_OPTIONS);
        run(archive);
        Files.writeString(stamp, wanted);
    }

    private static void nameProviders(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        int count = 0;
        for (String line : Files.readAllLines(file)) {
            String name = line.substring(line.indexOf('=') + 1);
            if (!line.startsWith(PROVIDER)) {
                lines.add(line);
            } else if (SECURITY_PROVIDERS.contains(name)) {
                lines.add(PROVIDER + ++count + '=' + name);
            }
        }
        if (count != SECURITY_PROVIDERS.size()) {
            throw new IOException(file + " does not name all of " + SECURITY_PROVIDERS);
        }
        Files.write(file, lines);
    }

    private void copyLibraries() throws IOException {
        Path library = home.resolve("lib");
        Files.createDirectories(library);
        var jars = new TreeMap<String, Path>();
        writeArguments("master", MASTER_FLAGS, jars);
        writeArguments("worker", WORKER_FLAGS, jars);
        for (var jar : jars.entrySet()) {
            copyIfChanged(unsigned(jar.getValue()), library.resolve(jar.getKey()));
        }
        removeAllBut(library, name -> jars.containsKey(name) || name.endsWith(".args")
                || name.endsWith(".aot") || name.endsWith(".stamp"));
    }

    /** The class path is a sorted explicit list: its order never depends on a directory's. */
    private void writeArguments(String part, List<String> flags, TreeMap<String, Path> jars)
            throws IOException {
        var classPath = new TreeMap<String, Path>();
        Path own = root.resolve(part + "/target/sluice-" + part + "-" + version + ".jar");
        classPath.put(own.getFileName().toString(), own);
        String needed = Files.readString(root.resolve(part + "/target/class-path")).strip();
        for (String entry : needed.split(":")) {
            Path jar = Path.of(entry);
            if (Files.isDirectory(jar)) {
                throw new IllegalStateException(jar + " is a directory: run the package phase");
            }
            classPath.put(jar.getFileName().toString(), jar);
        }
        classPath.values().removeIf(Assemble::isOnlyNative);
        jars.putAll(classPath);
        var lines = new ArrayList<>(flags);
        lines.add("-cp");
        lines.add("@HOME@/lib/" + String.join(":@HOME@/lib/", classPath.keySet()));
        Path file = home.resolve("lib").resolve(part + ".args");
        // Not written anew when it is the same: the stamp of the cache holds its time.
        if (!Files.exists(file) || !Files.readAllLines(file).equals(lines)) {
            Files.write(file, lines);
        }
    }

    /** A jar of libraries for a dozen processors; ours is unpacked into native/. */
    private static boolean isOnlyNative(Path jar) {
        return jar.getFileName().toString().endsWith("-native.jar");
    }

    /**
     * A jar without the signatures of those who made it (BouncyCastle's), or itself where it has
     * none: their check costs time for each class, and no cache takes a class that was signed.
     * OpenJDK asks no provider of cryptography for a signature, as Oracle's JDK does.
     */
    private Path unsigned(Path jar) throws IOException {
        Path folder = Files.createDirectories(home.resolveSibling("unsigned"));
        Path copy = folder.resolve(jar.getFileName());
        try (var in = new JarFile(jar.toFile(), false)) {
            if (in.stream().noneMatch(entry -> isSignature(entry.getName()))) {
                return jar;
            }
            // The digests of single entries go, too.
            var manifest = new Manifest(in.getManifest());
            manifest.getEntries().clear();
            try (var out = new ZipOutputStream(Files.newOutputStream(copy))) {
                write(out, in.getEntry(JarFile.MANIFEST_NAME), manifest::write);
                for (JarEntry entry : in.stream().toList()) {
                    if (!isSignature(entry.getName())
                            && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        try (InputStream content = in.getInputStream(entry)) {
                            write(out, entry, content::transferTo);
                        }
                    }
                }
            }
        }
        return copy;
    }

    /** Writes what an entry holds. */
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** With the time of the original: the same jar comes out of the same jar. */
    private static void write(ZipOutputStream out, ZipEntry original, Content content)
            throws IOException {
        var entry = new ZipEntry(original.getName());
        entry.setTimeLocal(original.getTimeLocal());
        out.putNextEntry(entry);
        content.writeTo(out);
        out.closeEntry();
    }

    private static boolean isSignature(String name) {
        return name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)");
    }

    private void copyLauncher() throws IOException {
        Path launcher = home.resolve("bin/sluice");
        Files.createDirectories(launcher.getParent());
        copyIfChanged(root.resolve("packaging/src/assembly/bin/sluice"), launcher);
        // What the launcher prints for -v; the same as the manifest of the jar of the master.
        Files.writeString(home.resolve("version"), version + "\n");
        if (!launcher.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make executable: " + launcher);
        }
    }

    private void copyConfiguration() throws IOException {
        Path from = root.resolve("conf");
        Path to = home.resolve("conf");
        Files.createDirectories(to);
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                copyIfChanged(file, copy);
            }
        }
    }

    private void copyModules() throws IOException {
        Path to = Files.createDirectories(home.resolve("modules-available"));
        var kept = new TreeMap<String, Path>();
        try (Stream<Path> modules = Files.list(root.resolve("modules/shipped"))) {
            for (Path module : modules.filter(Files::isDirectory).toList()) {
                String name = module.getFileName().toString();
                Path jar = module.resolve("target").resolve(name + ".jar");
                if (Files.exists(jar)) {
                    kept.put(name + ".jar", jar);
                    kept.put(name + ".md", module.resolve("README.md"));
                }
            }
        }
        for (var one : kept.entrySet()) {
            copyIfChanged(one.getValue(), to.resolve(one.getKey()));
        }
        removeAllBut(to, kept::containsKey);
    }

    private static void copyIfChanged(Path from, Path to) throws IOException {
        if (Files.exists(to) && Files.mismatch(from, to) < 0) {
            return;
        }
        // Never written in place: a running process may have the old file mapped.
        Path beside = to.resolveSibling(to.getFileName() + ".new");
        Files.copy(from, beside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, to, StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
    }

    private static void removeAllBut(Path directory, Predicate<String> kept) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (!kept.test(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Without a cache the distribution works too, only its start takes longer. */
    private void train() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(home.resolve("bin/sluice").toString(), "--train")
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            System.out.println(output.strip());
            removeAllBut(home.resolve("lib"), name -> name.endsWith(".jar")
                    || name.endsWith(".args"));
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + "\n" + output);
        }
    }
}
