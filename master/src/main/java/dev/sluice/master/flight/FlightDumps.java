package dev.sluice.master.flight;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.flight.FlightFile;
import dev.sluice.common.flight.FlightReader;
import dev.sluice.common.flight.FlightRecord;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.master.worker.WorkerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Writes the last requests of a worker to a file of {@code run_directory/flight}, the newest
 * {@link #FILES_MAX} of which stay, and says so in the error log. Reading and writing happen on a
 * thread of its own, which is started by the first dump. Owner: master loop, except what that
 * thread runs.
 */
public final class FlightDumps {

    static final int FILES_MAX = 16;
    /** So many lines of a dead worker stand in the error log itself. */
    static final int LOGGED_MAX = 10;

    private static final DateTimeFormatter NAME = DateTimeFormatter
            .ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path folder;
    private final Clock clock;
    private final ErrorLog log;
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private boolean started;

    /** @param folder made when it is needed */
    public FlightDumps(Path folder, Clock clock, ErrorLog log) {
        this.folder = folder;
        this.clock = clock;
        this.log = log;
    }

    /** Writes out what the workers of a master that was killed have left in the folder. */
    public void takeLeft() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*.flight")) {
            for (Path file : left) {
                String whose = file.getFileName().toString().replace(".flight", "");
                String name = NAME.format(Instant.ofEpochMilli(clock.nowMs())) + "-" + whose
                        + "-left.txt";
                add(() -> {
                    dump(file, name, "a worker (" + whose + ") ended with its master",
                            Level.WARN, true);
                    delete(file);
                });
            }
        } catch (IOException unreadable) {
            log.log(Level.WARN, "flight recorder: " + unreadable.getMessage());
        }
    }

    /** A living worker has begun to fail. */
    public void burst(WorkerProcess worker, int errors) {
        Path file = FlightFile.beside(worker.counters());
        String who = worker.toString();
        String name = name(worker, "burst");
        add(() -> dump(file, name, who + ": " + errors + " answers with 5xx within 10 s",
                Level.ERROR, false));
    }

    /** A worker has exited; its file goes. */
    public void gone(WorkerProcess worker, boolean wanted) {
        Path file = FlightFile.beside(worker.counters());
        if (!Files.exists(file)) {
            return;
        }
        if (wanted) {
            delete(file);
            return;
        }
        String who = worker.toString();
        String name = name(worker, "death");
        add(() -> {
            dump(file, name, who + " is dead", Level.ERROR, true);
            delete(file);
        });
    }

    private String name(WorkerProcess worker, String why) {
        return NAME.format(Instant.ofEpochMilli(clock.nowMs())) + "-worker" + worker.slot()
                + "-gen" + worker.generation().number() + "-" + why + ".txt";
    }

    private void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            log.log(Level.WARN, "a flight recorder's file stays: " + stays.getMessage());
        }
    }

    private void add(Runnable task) {
        tasks.add(task);
        if (!started) {
            started = true;
            Thread thread = new Thread(this::run, "flight");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void run() {
        while (true) {
            try {
                tasks.take().run();
            } catch (InterruptedException ended) {
                return;
            } catch (RuntimeException failed) {
                log.log(Level.ERROR, "flight recorder: " + failed);
            }
        }
    }

    private void dump(Path file, String name, String what, Level level, boolean dead) {
        try {
            List<FlightRecord> records = FlightReader.read(file);
            List<FlightRecord> underWay = records.stream().filter(FlightRecord::underWay).toList();
            Path to = write(name, what, records);
            log.log(level, what + "; its last " + records.size() + " requests, "
                    + underWay.size() + " of them under way, are in " + to);
            if (dead) {
                int first = Math.max(0, underWay.size() - LOGGED_MAX);
                for (FlightRecord record : underWay.subList(first, underWay.size())) {
                    log.log(level, what + " with a request under way: " + record.line());
                }
            }
        } catch (IOException failed) {
            log.log(Level.ERROR, what + "; what its flight recorder has cannot be written: "
                    + failed.getMessage());
        }
    }

    private Path write(String name, String what, List<FlightRecord> records) throws IOException {
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rwxr-x---")));
        makeRoom();
        StringBuilder text = new StringBuilder(what).append('\n');
        records.forEach(record -> text.append(record.line()).append('\n'));
        Path unfinished = folder.resolve(name + ".new");
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rw-r-----")));
        Files.write(unfinished, text.toString().getBytes(StandardCharsets.UTF_8));
        Path file = folder.resolve(name);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        return file;
    }

    /** Names begin with their time: the first are the oldest. */
    private void makeRoom() throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.txt")) {
            files.forEach(all::add);
        }
        all.sort(null);
        for (int i = 0; i <= all.size() - FILES_MAX; i++) {
            Files.deleteIfExists(all.get(i));
        }
    }
}
