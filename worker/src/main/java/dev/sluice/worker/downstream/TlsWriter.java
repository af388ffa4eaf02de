package dev.sluice.worker.downstream;

import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.tls.TlsBuffers;
import dev.sluice.worker.tls.TlsLink;
import java.nio.ByteBuffer;

/**
 * Gives a stream's output to TLS: memory is encrypted from where it is, a head shares its first
 * record with what follows it, and files are read in pieces, since the kernel cannot encrypt them.
 *
 * <p>Stateless; called on the event loop.
 */
final class TlsWriter {

    /** Pieces of files, and the most that is put together behind a head: three full records. */
    private static final int PIECE_BYTES_MAX = 48 * 1024;
    /** Bytes encrypted for one connection in one turn. */
    private static final long BYTES_PER_TURN = 1024 * 1024;

    private TlsWriter() {
    }

    /** @return one of the constants of {@link DownstreamWriter} */
    static int flush(DownstreamConnection connection, TlsLink tls, Http1Stream stream) {
        StreamOutput out = stream.out;
        long budget = BYTES_PER_TURN;
        while (!out.isEmpty() && (!tls.hasStuckOutput() || tls.flush())) {
            if (budget <= 0) {
                return DownstreamWriter.YIELD;
            }
            int count;
            if (out.fileLeft() == 0) {
                count = writeMemory(tls, out);
            } else {
                int read = readFile(tls.buffers(), out);
                if (read <= 0) {
                    return read == 0 ? DownstreamWriter.FILE_SHRANK : DownstreamWriter.BROKEN;
                }
                count = tls.write(tls.buffers().plain, 0, out.ownBytes() + read);
            }
            if (count <= 0) {
                break;
            }
            budget -= count;
            took(connection, stream, count);
        }
        return state(tls, out);
    }

    private static void took(DownstreamConnection connection, Http1Stream stream, int count) {
        connection.countSent(count);
        if (stream.out.fileLeft() == 0) {
            stream.out.took(count);
            return;
        }
        int own = Math.min(count, stream.out.ownBytes());
        if (own > 0) {
            stream.out.took(own);
        }
        if (count > own) {
            stream.sentOfFile(count - own);
        }
    }

    private static int state(TlsLink tls, StreamOutput out) {
        if (tls.isBroken()) {
            return DownstreamWriter.BROKEN;
        }
        return out.isEmpty() && (!tls.hasStuckOutput() || tls.flush()) ? DownstreamWriter.DRAINED
                : DownstreamWriter.STUCK;
    }

    private static int writeMemory(TlsLink tls, StreamOutput out) {
        int own = out.ownBytes();
        int lent = Math.min(out.lentBytes(), PIECE_BYTES_MAX - own);
        if (own == 0) {
            return tls.write(out.lentBuffer(), out.lentAt(), out.lentAt() + out.lentBytes());
        }
        if (lent <= 0) {
            return tls.write(out.slab().bytes, out.sentTo(), out.end());
        }
        ByteBuffer plain = tls.buffers().plain.clear();
        plain.put(0, out.slab().bytes, out.sentTo(), own);
        plain.put(own, out.lentBuffer(), out.lentAt(), lent);
        return tls.write(plain, 0, own + lent);
    }

    /** Reads a piece behind what comes before the file. @return as pread(2) */
    private static int readFile(TlsBuffers buffers, StreamOutput out) {
        int own = out.ownBytes();
        buffers.plain.clear().put(0, out.slab().bytes, out.sentTo(), own);
        int wanted = (int) Math.min(out.fileLeft(), PIECE_BYTES_MAX - own);
        return (int) Libc.pread(out.fileFd(), buffers.plainAddress + own, wanted,
                out.fileOffset());
    }
}
