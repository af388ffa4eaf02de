package dev.sluice.worker.boot;

import dev.sluice.worker.downstream.Downstreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The clients of the warm-up: each asks, reads the whole answer, and asks again.
 *
 * <p>Owner: event loop.
 */
final class WarmUpClients {

    /** As many connections as a quiet server has busy ones: their slabs are used later too. */
    private static final int CONNECTIONS = 8;
    /** What accept(2) says of a client at 127.0.0.1, in Netty's form, length first. */
    private static final byte[] ADDRESS = {8, 127, 0, 0, 1, 0, 0, (byte) 0xc3, 0x50};
    private static final int INPUT_BYTES = 64 * 1024;
    private static final byte[] LENGTH = {'-', 'l', 'e', 'n', 'g', 't', 'h', ':', ' '};

    private final Downstreams downstreams;
    private final WarmUpSocket listener;
    private final String address;
    private final ByteBuffer[] requests;
    private final List<WarmUpSocket> connections = WarmUpSocket.none();
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES);
    private int next;
    private int answerCount;

    WarmUpClients(String address, Downstreams downstreams, List<byte[]> requests)
            throws IOException {
        this.address = address;
        this.downstreams = downstreams;
        List<ByteBuffer> all = new ArrayList<>();
        requests.forEach(one -> all.add(WarmUpSocket.outside(one)));
        this.requests = all.toArray(ByteBuffer[]::new);
        this.listener = WarmUpSocket.listen(address, CONNECTIONS);
    }

    /** Whole answers that have come. */
    int answerCount() {
        return answerCount;
    }

    /** Once a turn: reads what has come, and asks on connections that have their answer. */
    void turn() throws IOException {
        while (connections.size() < CONNECTIONS) {
            connect();
        }
        for (int i = connections.size() - 1; i >= 0; i--) {
            if (!read(connections.get(i))) {
                connections.remove(i).close();
            }
        }
    }

    private void connect() throws IOException {
        WarmUpSocket client = WarmUpSocket.connect(address);
        connections.add(client);
        int fd = listener.accept();
        if (fd < 0) {
            throw new IOException("a connection to itself does not arrive");
        }
        downstreams.accepted(fd, ADDRESS, 0);
        ask(client);
    }

    private void ask(WarmUpSocket client) {
        client.nextMessage();
        client.write(requests[next]);
        next = next + 1 == requests.length ? 0 : next + 1;
    }

    /** @return whether the connection stays */
    private boolean read(WarmUpSocket client) {
        boolean starts = client.count == 0;
        int got = client.read(input);
        if (got <= 0) {
            return got == 0;
        }
        if (starts) {
            client.expected = expectedBytes(got);
        }
        boolean whole = client.expected > 0 ? client.count >= client.expected : endsChunks(got);
        if (whole) {
            answerCount++;
            ask(client);
        }
        return true;
    }

    /** Of head and body; 0 when the body comes in chunks. The head is in the first read. */
    private int expectedBytes(int got) {
        int length = 0;
        int matched = 0;
        for (int i = 0; i < got; i++) {
            byte b = input.get(i);
            if (matched == LENGTH.length) {
                if (b != '\r') {
                    length = length * 10 + b - '0';
                    continue;
                }
                return endOfHead(i, got) + length;
            }
            matched = (b | 0x20) == (LENGTH[matched] | 0x20) ? matched + 1 : 0;
        }
        return 0;
    }

    private int endOfHead(int from, int got) {
        int at = from;
        while (at + 4 < got && input.getInt(at) != 0x0d0a0d0a) {
            at++;
        }
        return at + 4;
    }

    private boolean endsChunks(int got) {
        return got >= 5 && input.get(got - 5) == '0' && input.getInt(got - 4) == 0x0d0a0d0a;
    }

    void close() {
        listener.close();
        WarmUpSocket.closeAll(connections);
    }
}
