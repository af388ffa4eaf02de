package dev.sluice.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Opens connections, has one request answered on each, and keeps them: {@code IdleConnections PORT
 * COUNT}. Prints {@code ready} when all are idle, and ends when its input does.
 */
final class IdleConnections {

    private static final byte[] REQUEST = "GET /api/x HTTP/1.1\r\nHost: bench\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");

    private IdleConnections() {
    }

    public static void main(String[] arguments) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(),
                Integer.parseInt(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        List<SocketChannel> idle = new ArrayList<>(count);
        ByteBuffer buffer = ByteBuffer.allocateDirect(16 * 1024);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(address);
            buffer.clear().put(REQUEST).flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            readAnswer(channel, buffer.clear());
            idle.add(channel);
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            continue;
        }
        for (SocketChannel channel : idle) {
            channel.close();
        }
    }

    private static void readAnswer(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (true) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("closed in the answer");
            }
            String seen = StandardCharsets.ISO_8859_1.decode(buffer.duplicate().flip()).toString();
            int end = seen.indexOf("\r\n\r\n");
            var length = LENGTH.matcher(seen);
            if (end >= 0 && !length.find()) {
                throw new IOException("an answer without a length: " + seen);
            }
            if (end >= 0 && seen.length() == end + 4 + Integer.parseInt(length.group(1))) {
                return;
            }
        }
    }
}
