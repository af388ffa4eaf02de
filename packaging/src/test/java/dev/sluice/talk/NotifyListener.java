package dev.sluice.talk;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;

/** The service manager's end of NOTIFY_SOCKET: takes down every message. */
final class NotifyListener implements AutoCloseable {

    private static final String LAST = "THE-END";

    private final String name;
    private final UnixSocketAddress address;
    private final UnixDatagramChannel channel;
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Thread reader = new Thread(this::read, "notify listener");

    /** A path, or a name of the abstract kind behind an {@code @}. */
    NotifyListener(String name) throws IOException {
        this.name = name;
        this.address = name.startsWith("@")
                ? new UnixSocketAddress("\0" + name.substring(1))
                : new UnixSocketAddress(new File(name));
        this.channel = UnixDatagramChannel.open();
        channel.bind(address);
        reader.start();
    }

    /** What NOTIFY_SOCKET is set to. */
    String name() {
        return name;
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        try {
            while (true) {
                buffer.clear();
                channel.receive(buffer);
                String text = StandardCharsets.UTF_8.decode(buffer.flip()).toString();
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
        try (UnixDatagramChannel sender = UnixDatagramChannel.open()) {
            sender.send(ByteBuffer.wrap(LAST.getBytes(StandardCharsets.UTF_8)), address);
        }
        try {
            reader.join();
        } catch (InterruptedException interrupted) {
            throw new IOException("interrupted while the reader ends", interrupted);
        }
        channel.close();
    }
}
