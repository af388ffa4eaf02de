package dev.sluice.modules.geoip;

import com.maxmind.db.Reader;
import dev.sluice.modules.credentials.WatchedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * A database of the operator's, mapped into memory and mapped anew when another file is there.
 *
 * <p>Owner: the side thread; a reader is handed over, and looked into by the event loop alone.
 */
final class Database extends WatchedFile {

    private Reader reader;
    private String complaint;
    /** What the operator knows. */
    private String told;

    Database(Path file, InstantSource clock) {
        super(file, clock);
    }

    @Override
    protected void read() throws IOException {
        try {
            reader = open(file);
            told = null;
        } catch (IOException e) {
            complaint = "\"" + file + "\" cannot be read: " + e.getMessage()
                    + (reader == null ? "" : "; the database of before stays");
        }
    }

    static Reader open(Path file) throws IOException {
        try {
            return new Reader(file.toFile(), Reader.FileMode.MEMORY_MAPPED);
        } catch (RuntimeException e) {
            // Of a file that is nearly a database.
            throw new IOException(e.toString(), e);
        }
    }

    @Override
    protected void forget() {
        // Where somebody is does not change because a file has gone.
        if (reader == null) {
            complaint = "\"" + file + "\" cannot be read";
        }
    }

    Path path() {
        return file;
    }

    /** Null while there has been none. */
    Reader reader() {
        return reader;
    }

    @Override
    public String complaint() {
        String now = complaint;
        complaint = null;
        if (now == null || now.equals(told)) {
            return null;
        }
        told = now;
        return now;
    }
}
