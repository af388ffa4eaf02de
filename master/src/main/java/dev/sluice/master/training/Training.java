package dev.sluice.master.training;

import dev.sluice.master.aot.AotCache;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code sluice --train [--force]}: makes the AOT caches of this installation, unless those that
 * are there fit its files. Needs no root, only the right to write into {@code lib}; listens on
 * three free ports of the loopback interface meanwhile.
 *
 * <p>Owner: the main thread.
 */
public final class Training {

    private static final int STEP_LIMIT_SECONDS = 90;

    private final Path home;
    private final AotCache master;
    private final AotCache worker;

    private Training(Path home) {
        this.home = home;
        this.master = new AotCache(home, "master");
        this.worker = new AotCache(home, "worker");
    }

    public static void main(String[] words) {
        boolean done = false;
        try {
            var training = new Training(Path.of(System.getProperty("sluice.home")));
            System.out.println(training.run(Arrays.asList(words).contains("--force")));
            done = true;
        } catch (IOException | InterruptedException | GeneralSecurityException failed) {
            System.err.println("sluice: no AOT cache, starting will take longer: " + failed);
        }
        System.exit(done ? 0 : 1);
    }

    private String run(boolean force)
            throws IOException, InterruptedException, GeneralSecurityException {
        String masterName = master.nameNow();
        String workerName = worker.nameNow();
        if (!force && master.isUpToDate(masterName) && worker.isUpToDate(workerName)) {
            return "sluice: the AOT caches are up to date";
        }
        Path folder = Files.createTempDirectory("sluice-train",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            record(folder);
            Process first = create(master, folder, "master");
            Process second = create(worker, folder, "worker");
            await(first, folder, "master");
            await(second, folder, "worker");
            master.install(folder.resolve("master.aot"), masterName);
            worker.install(folder.resolve("worker.aot"), workerName);
        } finally {
            RehearsalFiles.delete(folder);
        }
        return "sluice: made " + masterName + " and " + workerName;
    }

    private void record(Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        int[] ports;
        try (var one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var three = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ports = new int[] {one.getLocalPort(), two.getLocalPort(), three.getLocalPort()};
        }
        RehearsalFiles.write(folder, ports);
        List<String> words = new ArrayList<>(List.of("-XX:AOTMode=record",
                "-XX:AOTConfiguration=" + folder.resolve("master.aotconf")));
        words.addAll(master.arguments());
        words.add("-Dsluice.rehearsal=" + folder);
        words.add(Rehearsal.class.getName());
        words.add(folder.toString());
        words.add(Integer.toString(ports[0]));
        Process rehearsal = start(words, folder, "rehearsal");
        try {
            RehearsalTraffic.run(RehearsalTraffic.secure(), ports[2]);
        } finally {
            RehearsalFiles.endSecure(folder);
            await(rehearsal, folder, "rehearsal");
        }
    }

    private Process create(AotCache cache, Path folder, String part) throws IOException {
        List<String> words = new ArrayList<>(List.of("-XX:AOTMode=create",
                "-XX:AOTConfiguration=" + folder.resolve(part + ".aotconf"),
                "-XX:AOTCache=" + folder.resolve(part + ".aot")));
        words.addAll(cache.arguments());
        return start(words, folder, part);
    }

    private Process start(List<String> words, Path folder, String name) throws IOException {
        List<String> command = new ArrayList<>(words);
        command.addFirst(home.resolve("runtime/bin/java").toString());
        var builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".out").toFile());
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder.start();
    }

    private static void await(Process process, Path folder, String name)
            throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(STEP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            throw new IOException(name + " took too long");
        }
        if (process.exitValue() != 0) {
            List<String> output = Files.readAllLines(folder.resolve(name + ".out"));
            throw new IOException(name + " ended with " + process.exitValue()
                    + output.stream().filter(line -> line.contains("error")).findFirst()
                            .map(line -> ": " + line).orElse(""));
        }
    }
}
