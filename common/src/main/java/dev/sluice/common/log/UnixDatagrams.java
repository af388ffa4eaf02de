package dev.sluice.common.log;

import dev.sluice.common.linux.CLibrary;
import dev.sluice.common.linux.SyscallNumbers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Datagrams to a unix socket (unix(7)), which Java has no channel for. The C library is linked when
 * this class is first used: only where such a log is configured.
 *
 * <p>Owner: the thread that writes the log.
 */
final class UnixDatagrams implements SystemLog.Datagrams {

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDTIMEO = 21;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final long SEND_WAIT_MICROS = 200_000;
    /** struct timeval: seconds and microseconds. */
    private static final int WAIT_BYTES = 16;

    /** Of struct sockaddr_un: two bytes of family and this much of path. */
    private static final int PATH_BYTES = 108;

    private final String path;
    private final MemorySegment errno = CLibrary.errnoPlace(Arena.ofAuto());
    private int fd = -1;

    /** Connects with the first datagram: the daemon may come later. */
    UnixDatagrams(String path) throws IOException {
        if (path.getBytes(StandardCharsets.UTF_8).length >= PATH_BYTES) {
            throw new IOException("the path of the socket is too long");
        }
        this.path = path;
    }

    private long call(long number, long a, long b, long c, long d, long e) {
        return CLibrary.syscall(errno, number, a, b, c, d, e, 0);
    }

    @Override
    public void send(ByteBuffer bytes) throws IOException {
        if (fd >= 0 && sent(bytes)) {
            return;
        }
        close();
        fd = connected();
        if (!sent(bytes)) {
            throw new IOException("nobody takes what is sent to " + path);
        }
    }

    private boolean sent(ByteBuffer bytes) {
        MemorySegment message = MemorySegment.ofBuffer(bytes);
        return call(SyscallNumbers.SENDTO, fd, message.address(), bytes.remaining(), MSG_NOSIGNAL,
                0) >= 0;
    }

    private int connected() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int socket = (int) call(SyscallNumbers.SOCKET, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0,
                    0, 0);
            MemorySegment address = arena.allocate(2 + PATH_BYTES, Long.BYTES);
            address.asByteBuffer().order(ByteOrder.nativeOrder()).putShort((short) AF_UNIX)
                    .put(path.getBytes(StandardCharsets.UTF_8));
            MemorySegment wait = arena.allocate(WAIT_BYTES, Long.BYTES);
            wait.set(ValueLayout.JAVA_LONG, Long.BYTES, SEND_WAIT_MICROS);
            long set = call(SyscallNumbers.SETSOCKOPT, socket, SOL_SOCKET, SO_SNDTIMEO,
                    wait.address(), WAIT_BYTES);
            long connected = call(SyscallNumbers.CONNECT, socket, address.address(),
                    2 + PATH_BYTES, 0, 0);
            if (socket < 0 || set < 0 || connected < 0) {
                shut(socket);
                throw new IOException("cannot connect to " + path);
            }
            return socket;
        }
    }

    @Override
    public void close() {
        int before = fd;
        fd = -1;
        if (before >= 0) {
            shut(before);
        }
    }

    private void shut(int socket) {
        call(SyscallNumbers.CLOSE, socket, 0, 0, 0, 0);
    }
}
