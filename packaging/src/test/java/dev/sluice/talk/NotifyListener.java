package dev.sluice.talk;

import dev.sluice.common.linux.CLibrary;
import dev.sluice.common.linux.SyscallNumbers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The service manager's end of NOTIFY_SOCKET: takes down every message. */
final class NotifyListener implements AutoCloseable {

    private static final String LAST = "THE-END";

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int MESSAGE_MAX = 65536;

    private final String name;
    private final Arena arena = Arena.ofShared();
    /** struct sockaddr_un: the family, then the path, which begins with 0 for an abstract name. */
    private final MemorySegment address;
    private final long socket;
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Thread reader = new Thread(this::read, "notify listener");

    /** A path, or a name of the abstract kind behind an {@code @}. */
    NotifyListener(String name) throws IOException {
        this.name = name;
        byte[] path = name.replaceFirst("^@", "\0").getBytes(StandardCharsets.UTF_8);
        this.address = arena.allocate(2 + path.length, 2);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
        this.socket = call(SyscallNumbers.SOCKET, AF_UNIX, SOCK_DGRAM, 0, 0, 0, 0);
        call(SyscallNumbers.BIND, socket, address.address(), address.byteSize(), 0, 0, 0);
        reader.start();
    }

    private static long call(long number, long a, long b, long c, long d, long e, long f)
            throws IOException {
        try (Arena own = Arena.ofConfined()) {
            long result = CLibrary.syscall(CLibrary.errnoPlace(own), number, a, b, c, d, e, f);
            if (result < 0) {
                throw new IOException("system call " + number + " failed with error " + -result);
            }
            return result;
        }
    }

    /** What NOTIFY_SOCKET is set to. */
    String name() {
        return name;
    }

    private void read() {
        try (Arena own = Arena.ofConfined()) {
            MemorySegment buffer = own.allocate(MESSAGE_MAX);
            while (true) {
                long length = call(SyscallNumbers.RECVFROM, socket, buffer.address(), MESSAGE_MAX,
                        0, 0, 0);
                String text = new String(buffer.asSlice(0, length)
                        .toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
                if (text.equals(LAST)) {
                    return;
                }
                messages.add(text);
            }
        } catch (IOException ended) {
            messages.add("broken: " + ended);
        }
    }

    List<String> messages() {
        return messages;
    }

    /** How many messages have this line. */
    long count(String line) {
        return messages.stream().filter(m -> m.lines().anyMatch(line::equals)).count();
    }

    /** The first message from this number on that has this text; waits for it. */
    String await(int from, String text) {
        try {
            Await.that(text, () -> messages.stream().skip(from).anyMatch(m -> m.contains(text)));
        } catch (AssertionError absent) {
            throw new AssertionError(absent.getMessage() + " in " + messages, absent);
        }
        return messages.stream().skip(from).filter(m -> m.contains(text)).findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        // A thread in recvfrom(2) is not woken by close(2).
        long sender = call(SyscallNumbers.SOCKET, AF_UNIX, SOCK_DGRAM, 0, 0, 0, 0);
        byte[] last = LAST.getBytes(StandardCharsets.UTF_8);
        MemorySegment text = arena.allocate(last.length).copyFrom(MemorySegment.ofArray(last));
        call(SyscallNumbers.SENDTO, sender, text.address(), last.length, 0, address.address(),
                address.byteSize());
        call(SyscallNumbers.CLOSE, sender, 0, 0, 0, 0, 0);
        try {
            reader.join();
        } catch (InterruptedException interrupted) {
            throw new IOException("interrupted while the reader ends", interrupted);
        }
        call(SyscallNumbers.CLOSE, socket, 0, 0, 0, 0, 0);
        arena.close();
    }
}
