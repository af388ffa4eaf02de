package dev.sluice.master.system;

import dev.sluice.common.config.LogRotateConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;

/**
 * Puts log files aside that are large or old enough: {@code access.log} becomes {@code
 * access.log.1}, what had that name {@code access.log.2}, and so on. Whoever writes them has to
 * open them again then, and goes on in the old one until it has. An empty file stays.
 *
 * <p>Owner: master loop.
 */
public final class LogRotation {

    private final TimeZone zone;
    /** In which period a file began, by its path. */
    private final Map<String, Long> periodByPath = new HashMap<>();

    public LogRotation(TimeZone zone) {
        this.zone = zone;
    }

    /**
     * Renames what is due.
     *
     * @param failures gets a line for each file that could not be renamed
     * @return the paths that are free now
     */
    public List<String> rotate(LogRotateConfig config, Collection<String> paths, long nowMs,
            List<String> failures) {
        List<String> rotated = new ArrayList<>();
        for (String path : paths) {
            try {
                if (isDue(config, path, nowMs)) {
                    putAside(path, config.keep());
                    rotated.add(path);
                    periodByPath.put(path, period(config, nowMs));
                }
            } catch (IOException e) {
                failures.add("cannot rotate log " + path + ": " + e);
            }
        }
        return rotated;
    }

    private boolean isDue(LogRotateConfig config, String path, long nowMs) throws IOException {
        Path file = Path.of(path);
        if (!Files.isRegularFile(file)) {
            return false;
        }
        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
        long began = periodByPath.computeIfAbsent(path,
                p -> period(config, facts.creationTime().toMillis()));
        boolean large = config.sizeBytes() > 0 && facts.size() >= config.sizeBytes();
        boolean old = config.everyMs() > 0 && began != period(config, nowMs);
        if (old && facts.size() == 0) {
            periodByPath.put(path, period(config, nowMs));
        }
        return (large || old) && facts.size() > 0;
    }

    /** A day ends at midnight of the machine's time. */
    private long period(LogRotateConfig config, long ms) {
        return config.everyMs() == 0 ? 0
                : Math.floorDiv(ms + zone.getOffset(ms), config.everyMs());
    }

    private static void putAside(String path, int keep) throws IOException {
        for (int i = keep; i > 0; i--) {
            Path from = Path.of(i == 1 ? path : path + "." + (i - 1));
            if (Files.exists(from)) {
                Files.move(from, Path.of(path + "." + i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
