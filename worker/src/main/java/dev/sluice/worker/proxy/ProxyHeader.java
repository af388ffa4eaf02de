package dev.sluice.worker.proxy;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import io.netty.util.NetUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The PROXY protocol header (haproxy.org, proxy-protocol.txt, 2.1 and 2.2) that tells a peer where
 * its connection began. A client on a unix socket has no address to tell: UNKNOWN, UNSPEC.
 *
 * <p>Stateless. Allocates: connections with a header are made anew for each request.
 */
public final class ProxyHeader {

    private static final byte[] SIGNATURE = {
        '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int VERSION_2_PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    /** No address is longer as text. */
    private static final int TEXT_MAX = 128;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    private ProxyHeader() {
    }

    /** @param version 1 or 2 */
    public static void write(int version, ClientStream client, ByteSink out) {
        ByteBuffer text = ByteBuffer.allocate(TEXT_MAX);
        ByteSink sink = new ByteSink().reset(text, 0, TEXT_MAX);
        client.remoteAddress(sink);
        byte[] source = address(text, sink.position());
        client.localAddress(sink.reset(text, 0, TEXT_MAX));
        byte[] target = address(text, sink.position());
        if (source == null || target == null) {
            unknown(version, out);
            return;
        }
        boolean six = source.length == IPV6_BYTES || target.length == IPV6_BYTES;
        source = six ? mapped(source) : source;
        target = six ? mapped(target) : target;
        if (version == 1) {
            out.putAscii(six ? "PROXY TCP6 " : "PROXY TCP4 ");
            out.putAscii(NetUtil.bytesToIpAddress(source)).put((byte) ' ');
            out.putAscii(NetUtil.bytesToIpAddress(target)).put((byte) ' ');
            out.putDecimal(client.remotePort()).put((byte) ' ');
            out.putDecimal(client.localPort()).putAscii("\r\n");
            return;
        }
        out.put(SIGNATURE).put((byte) VERSION_2_PROXY).put((byte) (six ? TCP6 : TCP4));
        int length = source.length + target.length + 2 * Short.BYTES;
        putShort(out, length);
        out.put(source).put(target);
        putShort(out, client.remotePort());
        putShort(out, client.localPort());
    }

    private static void unknown(int version, ByteSink out) {
        if (version == 1) {
            out.putAscii("PROXY UNKNOWN\r\n");
        } else {
            out.put(SIGNATURE).put((byte) VERSION_2_PROXY).put((byte) 0);
            putShort(out, 0);
        }
    }

    private static void putShort(ByteSink out, int value) {
        out.put((byte) (value >> 8)).put((byte) value);
    }

    /** Null for what is no address. */
    private static byte[] address(ByteBuffer text, int length) {
        return NetUtil.createByteArrayFromIpAddressString(
                new String(text.array(), 0, length, StandardCharsets.US_ASCII));
    }

    /** An IPv4 address among IPv6 ones (RFC 4291 §2.5.5.2). */
    private static byte[] mapped(byte[] address) {
        if (address.length != IPV4_BYTES) {
            return address;
        }
        byte[] six = new byte[IPV6_BYTES];
        six[10] = (byte) 0xFF;
        six[11] = (byte) 0xFF;
        System.arraycopy(address, 0, six, 12, IPV4_BYTES);
        return six;
    }
}
