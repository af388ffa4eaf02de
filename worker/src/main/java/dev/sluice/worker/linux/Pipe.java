package dev.sluice.worker.linux;

/**
 * Memory of the kernel between two sockets (pipe(7)): what is moved into it from one is moved out
 * to the other, and no byte of it is copied. Lent by {@link PipePool}.
 *
 * <p>Owner: event loop.
 */
public final class Pipe {

    /** Most that is asked for in one call; a pipe that is smaller takes what it can. */
    private static final long PIECE_BYTES_MAX = 1 << 20;

    private final int readFd;
    private final int writeFd;
    private long held;

    private Pipe(int readFd, int writeFd) {
        this.readFd = readFd;
        this.writeFd = writeFd;
    }

    /**
     * @param bytes how much it should hold; where a user has too much in pipes already (pipe(7),
     *     pipe-user-pages-soft) it is what the kernel gives
     * @return null when there is no descriptor left
     */
    static Pipe open(long bytes) {
        long both = Libc.pipe();
        if (both < 0) {
            return null;
        }
        Pipe pipe = new Pipe((int) both, (int) (both >>> 32));
        long got = Libc.setPipeBytes(pipe.writeFd, bytes);
        assert got == bytes || got < 0 : got;
        return pipe;
    }

    /** Bytes that are in it. */
    public long held() {
        return held;
    }

    /** @return bytes moved into it, 0 at the socket's end, or a negated error number */
    public long fill(int socketFd) {
        assert held == 0 : "a refusal of a full pipe looks like one of the socket";
        long count = Libc.splice(socketFd, writeFd, PIECE_BYTES_MAX);
        held += Math.max(0, count);
        return count;
    }

    /** @return bytes moved out of it, or a negated error number */
    public long drain(int socketFd) {
        assert held > 0;
        long count = Libc.splice(readFd, socketFd, held);
        held -= Math.max(0, count);
        return count;
    }

    void close() {
        Libc.close(readFd);
        Libc.close(writeFd);
    }
}
