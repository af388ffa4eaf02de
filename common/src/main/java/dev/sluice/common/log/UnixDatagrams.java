package dev.sluice.common.log;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Datagrams to a unix socket (unix(7)), which Java has no channel for: four functions of the C
 * library. Linked when this class is first used, some 50 ms: only where such a log is configured.
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
    private static final int SEND_WAIT_MICROS = 200_000;

    /** Of struct sockaddr_un: two bytes of family and this much of path. */
    private static final int PATH_BYTES = 108;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
    private static final MethodHandle SOCKET =
            link("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle CONNECT = link("connect",
            FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle SET = link("setsockopt",
            FunctionDescriptor.of(INT, INT, INT, INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle SEND = link("send",
            FunctionDescriptor.of(WORD, INT, ValueLayout.ADDRESS, WORD, INT));
    private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(INT, INT));

    private final String path;
    private int fd = -1;

    /** Connects with the first datagram: the daemon may come later. */
    UnixDatagrams(String path) throws IOException {
        if (path.getBytes(StandardCharsets.UTF_8).length >= PATH_BYTES) {
            throw new IOException("the path of the socket is too long");
        }
        this.path = path;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, FunctionDescriptor form) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), form);
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

    private boolean sent(ByteBuffer bytes) throws IOException {
        try {
            return (long) SEND.invokeExact(fd, MemorySegment.ofBuffer(bytes),
                    (long) bytes.remaining(), MSG_NOSIGNAL) >= 0;
        } catch (Throwable thrown) {
            throw new IOException(thrown);
        }
    }

    private int connected() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int socket = (int) SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            MemorySegment address = arena.allocate(2 + PATH_BYTES, 8);
            address.asByteBuffer().order(ByteOrder.nativeOrder()).putShort((short) AF_UNIX)
                    .put(path.getBytes(StandardCharsets.UTF_8));
            MemorySegment wait = arena.allocate(16, 8);
            wait.set(WORD, 8, SEND_WAIT_MICROS);
            int set = (int) SET.invokeExact(socket, SOL_SOCKET, SO_SNDTIMEO, wait, 16);
            int connected = (int) CONNECT.invokeExact(socket, address, 2 + PATH_BYTES);
            if (socket < 0 || set < 0 || connected < 0) {
                shut(socket);
                throw new IOException("cannot connect to " + path);
            }
            return socket;
        } catch (IOException e) {
            throw e;
        } catch (Throwable thrown) {
            throw new IOException(thrown);
        }
    }

    @Override
    public void close() throws IOException {
        int before = fd;
        fd = -1;
        if (before >= 0) {
            shut(before);
        }
    }

    private static void shut(int fd) throws IOException {
        try {
            int closed = (int) CLOSE.invokeExact(fd);
            assert closed <= 0;
        } catch (Throwable thrown) {
            throw new IOException(thrown);
        }
    }
}
