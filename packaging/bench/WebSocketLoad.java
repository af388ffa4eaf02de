import dev.sluice.common.clock.SystemClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Both ends of a benchmark of WebSocket, one thread each: a server that sends every message back,
 * and clients that each send the next message when the last has come back.
 *
 * <pre>
 *   java -cp 'LIB/*' WebSocketLoad.java echo PORT
 *   java -cp 'LIB/*' WebSocketLoad.java load PORT CONNECTIONS SECONDS BYTES
 *       prints: messages, median and 99th percentile in microseconds
 * </pre>
 *
 * Messages are binary, at most 64 KiB. LIB is that of a distribution, for its clock. The server
 * unmasks what it gets.
 */
public final class WebSocketLoad {

    private static final int BUFFER_BYTES = 128 * 1024;
    private static final int SAMPLES_MAX = 4_000_000;
    private static final String HEAD_END = "\r\n\r\n";
    private static final byte[] SWITCHED = ("HTTP/1.1 101 Switching Protocols\r\n"
            + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" + HEAD_END)
            .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UPGRADE = ("GET /echo HTTP/1.1\r\nHost: localhost\r\n"
            + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" + HEAD_END)
            .getBytes(StandardCharsets.US_ASCII);

    private WebSocketLoad() {}

    /** One connection, of whichever side. */
    private static final class End {
        final SocketChannel channel;
        final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
        final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
        boolean open;
        long sentNs;

        End(SocketChannel channel) throws IOException {
            this.channel = channel;
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            out.flip();
        }

        /** @return false at the end of the connection */
        boolean read() throws IOException {
            boolean alive = channel.read(in) >= 0;
            in.flip();
            return alive;
        }

        void write(SelectionKey key) throws IOException {
            channel.write(out);
            key.interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        /** Skips a head of HTTP. @return false while it is not whole */
        boolean skipHead() {
            for (int i = in.position(); i + 4 <= in.limit(); i++) {
                if (in.getInt(i) == 0x0d0a0d0a) {
                    in.position(i + 4);
                    return true;
                }
            }
            return false;
        }

        /** Bytes of the payload of a whole frame at the position, which moves there; else -1. */
        int frame() {
            int at = in.position();
            if (in.remaining() < 2) {
                return -1;
            }
            int mask = in.get(at + 1) < 0 ? 4 : 0;
            int length = in.get(at + 1) & 0x7f;
            int head = 2;
            if (length == 126) {
                if (in.remaining() < 4) {
                    return -1;
                }
                length = in.getShort(at + 2) & 0xffff;
                head = 4;
            }
            if (in.remaining() < head + mask + length) {
                return -1;
            }
            int key = mask == 0 ? 0 : in.getInt(at + head);
            in.position(at + head + mask);
            for (int i = 0; mask > 0 && i < length; i++) {
                int place = in.position() + i;
                in.put(place, (byte) (in.get(place) ^ key >>> 24 - 8 * (i & 3)));
            }
            return length;
        }
    }

    private static void head(ByteBuffer out, int length, boolean masked) {
        int bit = masked ? 0x80 : 0;
        out.put((byte) 0x82);
        if (length < 126) {
            out.put((byte) (bit | length));
        } else {
            out.put((byte) (bit | 126)).putShort((short) length);
        }
        if (masked) {
            out.putInt(0x1a2b3c4d);
        }
    }

    private static void echo(int port) throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress("127.0.0.1", port), 1024);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        while (true) {
            selector.select(key -> {
                try {
                    if (key.isAcceptable()) {
                        End fresh = new End(listener.accept());
                        fresh.channel.register(selector, SelectionKey.OP_READ, fresh);
                    } else {
                        echo(key, (End) key.attachment());
                    }
                } catch (IOException gone) {
                    key.cancel();
                }
            });
        }
    }

    private static void echo(SelectionKey key, End end) throws IOException {
        if (key.isReadable()) {
            if (!end.read()) {
                key.cancel();
                end.channel.close();
                return;
            }
            end.out.compact();
            if (!end.open && end.skipHead()) {
                end.open = true;
                end.out.put(SWITCHED);
            }
            for (int length = end.open ? end.frame() : -1; length >= 0; length = end.frame()) {
                head(end.out, length, false);
                end.out.put(end.in.slice(end.in.position(), length));
                end.in.position(end.in.position() + length);
            }
            end.in.compact();
            end.out.flip();
        }
        end.write(key);
    }

    private static void load(int port, int connections, int seconds, int bytes)
            throws IOException {
        Selector selector = Selector.open();
        for (int i = 0; i < connections; i++) {
            End end = new End(SocketChannel.open(new InetSocketAddress("127.0.0.1", port)));
            end.out.clear();
            end.out.put(UPGRADE).flip();
            end.channel.register(selector, SelectionKey.OP_WRITE, end);
        }
        int[] samplesUs = new int[SAMPLES_MAX];
        long[] count = {0};
        long endNs = SystemClock.INSTANCE.nowNs() + seconds * 1_000_000_000L;
        while (SystemClock.INSTANCE.nowNs() < endNs) {
            selector.select(key -> {
                try {
                    End end = (End) key.attachment();
                    if (key.isReadable() && answered(end, bytes)) {
                        long tookNs = SystemClock.INSTANCE.nowNs() - end.sentNs;
                        if (end.sentNs != 0) {
                            samplesUs[(int) (count[0]++ % SAMPLES_MAX)] = (int) (tookNs / 1000);
                        }
                        end.sentNs = SystemClock.INSTANCE.nowNs();
                    }
                    end.write(key);
                } catch (IOException e) {
                    throw new IllegalStateException("a connection was lost", e);
                }
            }, 100);
        }
        int measured = (int) Math.min(count[0], SAMPLES_MAX);
        Arrays.sort(samplesUs, 0, measured);
        System.out.println(count[0] + " " + samplesUs[measured / 2] + " "
                + samplesUs[(int) (measured * 0.99)]);
        if (count[0] == 0) {
            System.exit(1);
        }
    }

    /** @return whether a message has come back, and the next is to be sent */
    private static boolean answered(End end, int bytes) throws IOException {
        if (!end.read()) {
            throw new IOException("closed by the other side");
        }
        boolean came = false;
        if (!end.open) {
            came = end.skipHead();
            end.open = came;
        } else {
            int length = end.frame();
            if (length >= 0) {
                came = true;
                end.in.position(end.in.position() + length);
            }
        }
        end.in.compact();
        if (came) {
            end.out.clear();
            head(end.out, bytes, true);
            end.out.position(end.out.position() + bytes);
            end.out.flip();
        }
        return came;
    }

    public static void main(String[] words) throws IOException {
        if (words.length == 2 && words[0].equals("echo")) {
            echo(Integer.parseInt(words[1]));
        } else if (words.length == 5 && words[0].equals("load")) {
            load(Integer.parseInt(words[1]), Integer.parseInt(words[2]),
                    Integer.parseInt(words[3]), Integer.parseInt(words[4]));
        } else {
            System.err.println("WebSocketLoad echo PORT | load PORT CONNECTIONS SECONDS BYTES");
            System.exit(64);
        }
    }
}
