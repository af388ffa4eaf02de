package dev.sluice.master.system;

import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import java.io.IOException;

/**
 * Answers of authorities about certificates (OCSP), in a file of the run directory, so that an
 * upgrade or a start shows them at once and asks nobody. Workers look at each answer's end, and
 * whether it is about the certificate that they have. Owner: master loop.
 */
public final class AnswerStore {

    private final OwnFile file;
    private final ErrorLog log;

    public AnswerStore(RunDirectory run, ErrorLog log) {
        this.file = new OwnFile(run.root().resolve("answers"));
        this.log = log;
    }

    /** What the master before has kept; empty for nothing. */
    public HandedFiles read() {
        try {
            byte[] packed = file.read();
            return packed == null ? new HandedFiles() : HandedFiles.of(packed);
        } catch (IOException | RuntimeException unreadable) {
            log.log(Level.WARN, "kept answers of authorities cannot be read: " + unreadable);
            return new HandedFiles();
        }
    }

    /** @param files whose answers are kept, and nothing else of them */
    public void keep(HandedFiles files) {
        try {
            file.write(files.staples().packed());
        } catch (IOException e) {
            log.log(Level.WARN, "answers of authorities cannot be kept: " + e);
        }
    }
}
