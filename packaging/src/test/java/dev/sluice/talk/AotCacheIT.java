package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.identity.MadeCertificate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AOT caches are used when they fit, and never run classes that are no longer there. */
final class AotCacheIT {

    @TempDir
    private Path folder;

    @Test
    void masterAndWorkerUseTheirCaches() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                return = 200 "x"
                """).start()) {
            assertTrue(mapped(sluice.masterPid()).contains("/lib/master-"), "of the master");
            for (long worker : sluice.workerPids()) {
                assertTrue(mapped(worker).contains("/lib/worker-"), "of a worker");
            }
            assertFalse(sluice.errorLog().contains("AOT"), sluice.errorLog());
        }
    }

    /** Its provider takes longer to load than all the rest of a start. */
    @Test
    void workerWithTlsDoesWithoutBouncyCastle() throws Exception {
        MadeCertificate made = Certificates.ofServer("localhost");
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                listen = 127.0.0.1:@PORT:tls@ ssl
                ssl_certificate = @DIR@/s.crt
                ssl_certificate_key = @DIR@/s.key
                return = 200 "x"
                """).certificate(made).start()) {
            for (long worker : sluice.workerPids()) {
                String classes = classes(worker);
                assertTrue(classes.contains(" io.netty."), classes);
                assertFalse(classes.contains(" org.bouncycastle."), classes);
            }
        }
    }

    private static String classes(long pid) throws Exception {
        return Processes.run(List.of(RunningSluice.distribution().resolve("runtime/bin/jcmd")
                .toString(), Long.toString(pid), "GC.class_histogram", "-all")).output();
    }

    private static String mapped(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/maps"));
    }

    @Test
    void changedJarRunsItsOwnClasses() throws Exception {
        Path home = copyOfDistribution();
        assertTrue(version(home).contains("Netty "), version(home));
        Path jar = one(home, "sluice-master-", ".jar");
        Files.write(jar, withText(Files.readAllBytes(jar), "\nNetty ", "\nYtten "));
        assertTrue(version(home).contains("Ytten "), "new classes: " + version(home));
        String before = one(home, "master-", ".aot").getFileName().toString();
        Processes.Ended train = Processes.run(List.of(home.resolve("bin/sluice").toString(),
                "--train"));
        assertEquals(0, train.exitCode(), train.output());
        String after = one(home, "master-", ".aot").getFileName().toString();
        assertFalse(before.equals(after), "another name: " + train.output());
        assertTrue(version(home).contains("Ytten "), "new cache: " + version(home));
    }

    @Test
    void brokenCacheIsIgnored() throws Exception {
        Path home = copyOfDistribution();
        Path cache = one(home, "master-", ".aot");
        Files.delete(cache);
        Files.writeString(cache, "this is none");
        assertTrue(version(home).contains("Netty "), version(home));
        Files.delete(cache);
        assertTrue(version(home).contains("Netty "), version(home));
    }

    private static String version(Path home) throws Exception {
        Processes.Ended ended =
                Processes.run(List.of(home.resolve("bin/sluice").toString(), "-V"));
        assertEquals(0, ended.exitCode(), ended.output());
        return ended.output().strip();
    }

    private static Path one(Path home, String begin, String end) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(begin)
                    && file.getFileName().toString().endsWith(end)).findFirst().orElseThrow();
        }
    }

    /** Its own lib, with the times of the files, and links to the rest. */
    private Path copyOfDistribution() throws Exception {
        Path from = RunningSluice.distribution();
        Path home = Files.createDirectory(folder.resolve("moved"));
        Files.createSymbolicLink(home.resolve("runtime"), from.resolve("runtime"));
        Files.createSymbolicLink(home.resolve("native"), from.resolve("native"));
        for (String part : List.of("bin", "lib")) {
            Processes.Ended copy = Processes.run(List.of("cp", "-a",
                    from.resolve(part).toString(), home.resolve(part).toString()));
            assertEquals(0, copy.exitCode(), copy.output());
        }
        return home;
    }

    /** The jar with a constant of its classes replaced by one of the same length. */
    private static byte[] withText(byte[] jar, String old, String replacement)
            throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var in = new ZipInputStream(new ByteArrayInputStream(jar));
                var out = new ZipOutputStream(bytes)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String content = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                out.putNextEntry(new ZipEntry(entry.getName()));
                String changed = entry.getName().endsWith("/VersionText.class")
                        ? content.replace(old, replacement) : content;
                out.write(changed.getBytes(StandardCharsets.ISO_8859_1));
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
