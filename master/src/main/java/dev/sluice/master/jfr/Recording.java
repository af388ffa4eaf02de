package dev.sluice.master.jfr;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A recording in a worker's JVM, by {@code jcmd} of the runtime that runs this command. The worker
 * writes into a folder of its own and its file is copied from there, no link followed: what it can
 * write never decides what is read or written elsewhere.
 */
final class Recording {

    private static final String NAME = "sluice";
    private static final int LIMIT_S = 60;
    private static final int MESSAGE_CHARS_MAX = 500;

    private final JfrCommand.Worker worker;
    private final Path folder;

    /** @param folder which the worker may write into */
    Recording(JfrCommand.Worker worker, Path folder) {
        this.worker = worker;
        this.folder = folder;
    }

    /** @throws IOException it is recorded already, or may not be asked; with the JVM's words */
    void start(int megabytes, boolean profile) throws IOException, InterruptedException {
        String running = ask("JFR.check");
        if (running.contains("name=" + NAME + " ")) {
            throw new IOException("worker " + worker.slot() + " is being recorded already");
        }
        ask("JFR.configure", "repositorypath=" + folder);
        String said = ask("JFR.start", "name=" + NAME, "maxsize=" + megabytes + "m",
                "settings=" + (profile ? "profile" : "default"));
        if (!said.contains("Started recording")) {
            throw failed(said);
        }
    }

    /**
     * Writes what has been recorded.
     *
     * @param to is made, with its folder
     * @throws IOException nothing is recorded, or the file exists, or cannot be written
     */
    void write(Path to, boolean ends) throws IOException, InterruptedException {
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(to + " exists");
        }
        Path own = folder.resolve("worker" + worker.slot() + "-" + worker.pid() + ".jfr");
        Files.deleteIfExists(own);
        String said = ask(ends ? "JFR.stop" : "JFR.dump", "name=" + NAME, "filename=" + own);
        if (!Files.isRegularFile(own, LinkOption.NOFOLLOW_LINKS)) {
            throw failed(said);
        }
        if (to.getParent() != null && !Files.isDirectory(to.getParent())) {
            Files.createDirectory(to.getParent(), PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwxr-x---")));
        }
        try (InputStream from = Files.newInputStream(own, LinkOption.NOFOLLOW_LINKS);
                var channel = Files.newByteChannel(to,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-r-----")));
                var into = Channels.newOutputStream(channel)) {
            from.transferTo(into);
        } finally {
            Files.deleteIfExists(own);
        }
    }

    private IOException failed(String said) {
        String text = said.lines().filter(line -> !line.isBlank() && !line.endsWith(":"))
                .reduce((one, next) -> one + " " + next).orElse("the JVM said nothing");
        return new IOException("worker " + worker.slot() + " (pid " + worker.pid() + "): "
                + text.substring(0, Math.min(text.length(), MESSAGE_CHARS_MAX)));
    }

    private String ask(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(worker.pid())));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        Process jcmd = builder.start();
        jcmd.getOutputStream().close();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!jcmd.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
            jcmd.destroyForcibly();
            throw new IOException("worker " + worker.slot() + " does not answer");
        }
        if (jcmd.exitValue() != 0) {
            throw failed(said);
        }
        return said;
    }
}
