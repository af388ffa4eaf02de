package dev.sluice.worker.cache;

import dev.sluice.common.log.Level;
import dev.sluice.worker.linux.Errno;
import dev.sluice.worker.loop.LoopContext;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/**
 * Whether what a cache stores is taken by the disk, and the lines about it: one when it is not, one
 * a minute while that goes on, and one when it is taken again.
 *
 * <p>Owner: event loop; a part of its cache.
 */
final class StoreTrouble {

    private static final long SILENT_MS = 60_000;

    private final LoopContext ctx;
    private final String label;
    private boolean failing;
    private boolean told;
    private boolean gone;
    private long silentUntilMs;

    StoreTrouble(LoopContext ctx, String nameOfCache) {
        this.ctx = ctx;
        this.label = "[cache " + nameOfCache + "] ";
    }

    /** The last answer could not be stored: it is not known that the next one can. */
    boolean isFailing() {
        return failing;
    }

    /** A folder was missing: whether it is that of the cache is to be looked at. */
    boolean isGone() {
        return gone;
    }

    /** A file is not there, or what it should lie in is not: no line before that is known. */
    void failed(Path path, int errno) {
        failing = true;
        if (errno == Errno.ENOENT || errno == Errno.ENOTDIR) {
            gone = true;
        } else {
            failed("\"" + path + "\" cannot be written (" + Errno.text(errno) + ")");
        }
    }

    /** @param what has happened, and to what */
    void failed(String what) {
        failing = true;
        long nowMs = ctx.clock.nowMs();
        if (nowMs >= silentUntilMs) {
            silentUntilMs = nowMs + SILENT_MS;
            told = true;
            ctx.log.log(Level.ERROR,
                    label + what + ": answers are passed on and not stored");
        }
    }

    /** The folder could not be opened. */
    void unusable(Path folder, IOException why) {
        gone = true;
        failed("\"" + folder + "\" cannot be used (" + why + (why instanceof AccessDeniedException
                ? "; " + remedy(folder) : "") + ")");
    }

    /** What an operator can do for a folder that workers may not make or write. */
    static String remedy(Path folder) {
        return "\"install -d -o " + System.getProperty("user.name") + " " + folder
                + "\" makes it";
    }

    /** What was stored is stored. */
    void stored() {
        if (told) {
            ctx.log.log(Level.NOTICE, label + "answers are stored again");
        }
        failing = false;
        told = false;
        silentUntilMs = 0;
    }

    /** The folder was looked at, and is there. */
    void found() {
        failing &= !gone;
        gone = false;
    }

    /** Any thread. */
    void log(Level level, String line) {
        ctx.log.log(level, label + line);
    }
}
