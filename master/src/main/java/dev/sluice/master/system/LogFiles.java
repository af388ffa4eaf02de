package dev.sluice.master.system;

import dev.sluice.common.config.AccessLogConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.StreamConfig;
import dev.sluice.common.log.SystemLog;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The log files of a configuration. The folder of the logs usually belongs to root, so the master
 * makes the files and gives them to the workers' user before a worker opens them: at the start, for
 * each generation, and when logs are reopened after a rotation.
 *
 * <p>Owner: master loop.
 */
public final class LogFiles {

    private LogFiles() {}

    /** Every file that a worker of this configuration writes, each once. */
    public static Set<String> of(SluiceConfig config) {
        Set<String> paths = new LinkedHashSet<>();
        paths.add(config.main().errorLog().path());
        for (ServerConfig server : config.servers()) {
            collect(server.fallback().accessLogs(), paths);
            for (LocationConfig location : server.locations()) {
                collect(location.accessLogs(), paths);
            }
        }
        for (StreamConfig stream : config.streams()) {
            collect(stream.accessLogs(), paths);
        }
        paths.removeIf(path -> !SystemLog.isFile(path));
        return paths;
    }

    private static void collect(List<AccessLogConfig> logs, Set<String> paths) {
        for (AccessLogConfig log : logs) {
            paths.add(log.path());
        }
    }

    /**
     * Makes what is missing and sets the owner, unless the account is null: then the workers have
     * the master's own rights.
     *
     * @return one line per file that could not be prepared
     */
    public static List<String> prepare(Collection<String> paths, Account workers) {
        List<String> failures = new ArrayList<>();
        for (String path : paths) {
            try {
                Path file = Path.of(path);
                if (!Files.exists(file)) {
                    Files.newOutputStream(
                                    file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                            .close();
                }
                // A device such as /dev/stdout or /dev/null keeps its owner.
                if (workers != null && Files.isRegularFile(file)
                        && !Posix.chown(path, workers.uid(), workers.gid())) {
                    failures.add("cannot give log " + path + " to user " + workers.name());
                }
            } catch (IOException failed) {
                failures.add("cannot make log " + path + ": " + reason(failed));
            }
        }
        return failures;
    }

    private static String reason(IOException failed) {
        return switch (failed) {
            case NoSuchFileException absent -> "its folder does not exist";
            case AccessDeniedException denied -> "permission denied";
            default -> failed.getMessage();
        };
    }
}
