package dev.sluice.worker.downstream;

import dev.sluice.worker.linux.Libc;

/**
 * Gives a stream's output to the kernel: own and lent memory by send(2) or writev(2), files by
 * sendfile(2).
 *
 * <p>Stateless; called on the event loop.
 */
final class DownstreamWriter {

    /** Nothing is left. */
    static final int DRAINED = 0;
    /** The socket takes no more now. */
    static final int STUCK = 1;
    /** There is more to send and the socket would take it, but others wait for their turn. */
    static final int YIELD = 2;
    static final int BROKEN = 3;
    static final int FILE_SHRANK = 4;

    private static final long SHARED_SEGMENT_BYTES_MAX = 32 * 1024;
    private static final int EAGAIN = 11;
    private static final int EINTR = 4;
    /** Bytes of files sent for one connection in one turn (nginx: sendfile_max_chunk). */
    private static final long FILE_BYTES_PER_TURN = 2 * 1024 * 1024;

    private DownstreamWriter() {
    }

    static int flush(DownstreamConnection connection, Http1Stream stream) {
        if (connection.tls() != null) {
            return TlsWriter.flush(connection, connection.tls(), stream);
        }
        StreamOutput out = stream.out;
        long budget = FILE_BYTES_PER_TURN;
        while (!out.isEmpty()) {
            if (!connection.isWritable()) {
                return STUCK;
            }
            if (out.ownBytes() + out.lentBytes() > 0) {
                int total = out.ownBytes() + out.lentBytes();
                // MSG_MORE lets the head share a segment with a short file; before a long one it
                // holds the first segment back and costs more than it saves.
                long count = out.fileLeft() > 0 && out.fileLeft() < SHARED_SEGMENT_BYTES_MAX
                        ? sendMore(connection, out) : connection.sendOwnAndLent();
                if (count < 0) {
                    return BROKEN;
                }
                connection.countSent(count);
                out.took(count);
                if (count < total) {
                    connection.writeStuck();
                    return STUCK;
                }
            } else {
                int result = sendFile(connection, stream, Math.min(out.fileLeft(), budget));
                if (result != DRAINED) {
                    return result;
                }
                budget = FILE_BYTES_PER_TURN - stream.fileBytesThisTurn;
                if (budget <= 0 && !out.isEmpty()) {
                    stream.fileBytesThisTurn = 0;
                    return YIELD;
                }
            }
        }
        stream.fileBytesThisTurn = 0;
        return DRAINED;
    }

    private static long sendMore(DownstreamConnection connection, StreamOutput out) {
        long count = Libc.sendMore(connection.fdNumber(), out.slab().address + out.sentTo(),
                out.ownBytes());
        return count == -EAGAIN || count == -EINTR ? 0 : count;
    }

    private static int sendFile(DownstreamConnection connection, Http1Stream stream, long most) {
        StreamOutput out = stream.out;
        long count = Libc.sendfile(connection.fdNumber(), out.fileFd(), out.fileOffset(), most);
        if (count == -EAGAIN) {
            connection.writeStuck();
            return STUCK;
        }
        if (count == -EINTR) {
            return DRAINED;
        }
        if (count == 0) {
            return FILE_SHRANK;
        }
        if (count < 0) {
            return BROKEN;
        }
        connection.countSent(count);
        stream.sentOfFile(count);
        stream.fileBytesThisTurn += count;
        return DRAINED;
    }
}
