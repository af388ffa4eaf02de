package dev.sluice.worker.boot;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One end of a unix stream socket that the warm-up plays itself, without the loop: it is looked at
 * once a turn. The loop shall see no kind of handle that it will not see later. Addresses are
 * abstract (unix(7)): they leave no file, and end with the process.
 *
 * <p>Owner: event loop.
 */
final class WarmUpSocket {

    /** {@link #read}: it is over, by the other side or by an error. */
    static final int ENDED = -1;

    private final Socket socket;
    /** The bytes of the current message that have come so far. */
    int count;
    /** How many it will be in all, 0 while nobody knows. */
    int expected;
    /** What came last in it. */
    byte last;

    private WarmUpSocket(Socket socket) {
        this.socket = socket;
    }

    static WarmUpSocket listen(String address, int backlog) throws IOException {
        WarmUpSocket made = new WarmUpSocket(Socket.newSocketDomain());
        try {
            made.socket.bind(new DomainSocketAddress(address));
            made.socket.listen(backlog);
            return made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    static WarmUpSocket connect(String address) throws IOException {
        WarmUpSocket made = new WarmUpSocket(Socket.newSocketDomain());
        try {
            if (!made.socket.connect(new DomainSocketAddress(address))) {
                throw new IOException("a connection to itself has to wait");
            }
            return made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    /** Gives a descriptor that is the caller's from then on, or -1 when nobody waits. */
    int accept() throws IOException {
        return socket.accept(new byte[128]);
    }

    /** Takes all who wait. */
    void acceptInto(List<WarmUpSocket> all) throws IOException {
        for (int fd = accept(); fd >= 0; fd = accept()) {
            all.add(new WarmUpSocket(new Socket(fd)));
        }
    }

    /** Fills the buffer from its start. @return bytes read, 0 for none now, or {@link #ENDED} */
    int read(ByteBuffer into) {
        try {
            int got = socket.recv(into, 0, into.capacity());
            if (got > 0) {
                count += got;
                last = into.get(got - 1);
            }
            return got;
        } catch (IOException | RuntimeException e) {
            // Netty reports ENOTCONN, which a reset can look like, as an unchecked exception.
            return ENDED;
        }
    }

    /** @return false when not all of it was taken: more than such a socket holds was never asked */
    boolean write(ByteBuffer bytes) {
        try {
            return socket.send(bytes, 0, bytes.capacity()) == bytes.capacity();
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    void nextMessage() {
        count = 0;
        expected = 0;
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing was stored through it, so nothing is lost.
            count = 0;
        }
    }

    static void closeAll(List<WarmUpSocket> all) {
        all.forEach(WarmUpSocket::close);
        all.clear();
    }

    static List<WarmUpSocket> none() {
        return new ArrayList<>();
    }

    /** A copy outside the heap, where a socket can send it from. */
    static ByteBuffer outside(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
    }
}
