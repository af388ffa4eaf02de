package dev.sluice.worker.statics;

import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.common.log.LogLine;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.linux.Errno;
import dev.sluice.worker.statics.CachedFile.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Says why a file was not sent: a status for the client, a line for the operator.
 *
 * <p>Owner: event loop.
 */
final class FileTroubles {

    /** The longest address is IPv6 with a zone. */
    private static final int ADDRESS_BYTES_MAX = 128;

    private final ErrorLog log;
    private final OpenFileCache cache;
    private final LogLine line = new LogLine();
    private final ByteBuffer addressBytes = ByteBuffer.allocate(ADDRESS_BYTES_MAX);
    private final ByteSink address = new ByteSink();

    FileTroubles(ErrorLog log, OpenFileCache cache) {
        this.log = log;
        this.cache = cache;
    }

    /** Logs why there is no file. @return the status that says so */
    int explain(Exchange x, CachedFile f) {
        assert !f.isFile();
        if (f.kind == Kind.SPECIAL) {
            write(x, Level.ERROR, "\"" + cache.nameOf(f) + "\" is not a regular file");
            return 404;
        }
        int status = statusOf(f.errno);
        // What is not there is the client's mistake more often than the operator's.
        Level level = status == 404 ? Level.INFO : Level.ERROR;
        if (log.enabled(level)) {
            write(x, level, "open() \"" + cache.nameOf(f) + "\" failed ("
                    + Errno.text(f.errno) + ")");
        }
        return status;
    }

    static int statusOf(int errno) {
        return switch (errno) {
            case Errno.ENOENT, Errno.ENOTDIR, Errno.ENAMETOOLONG, Errno.ENXIO, Errno.ENODEV -> 404;
            case Errno.EACCES, Errno.EPERM, Errno.ELOOP, Errno.EXDEV -> 403;
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.EAGAIN -> 503;
            default -> 500;
        };
    }

    void noIndex(Exchange x, CachedFile f) {
        if (log.enabled(Level.ERROR)) {
            write(x, Level.ERROR,
                    "directory index of \"" + cache.nameOf(f) + "\" is forbidden");
        }
    }

    /** A file that was open could not be read. @param errno negated, 0 at its unexpected end */
    void broken(Exchange x, CachedFile f, int errno) {
        write(x, Level.ERROR, errno == 0
                ? "\"" + cache.nameOf(f) + "\" became shorter than " + f.size + " bytes"
                : "pread() \"" + cache.nameOf(f) + "\" failed (" + Errno.text(-errno) + ")");
    }

    private void write(Exchange x, Level level, String what) {
        if (!log.enabled(level)) {
            return;
        }
        address.reset(addressBytes, 0, ADDRESS_BYTES_MAX);
        x.client.remoteAddress(address);
        byte[] text = new byte[address.position()];
        addressBytes.get(0, text);
        line.start(what)
                .during(x.state.phrase())
                .client(new String(text, StandardCharsets.US_ASCII))
                .server(x.server == null ? null : x.server.name())
                .location(x.location == null ? null : x.location.label)
                .request(x.request.buffer(), x.request.methodOffset, requestLineLength(x));
        log.log(level, line.toString());
    }

    /** Method, target and version as they came: up to the end of {@code HTTP/1.1}. */
    private static int requestLineLength(Exchange x) {
        int end = x.request.targetOffset + x.request.targetLength;
        return Math.max(0, end - x.request.methodOffset);
    }
}
