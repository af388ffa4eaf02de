package dev.sluice.bench;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Opens connections, has one request answered on each, and keeps them: {@code IdleConnections PORT
 * COUNT [CERTIFICATE | h2]}, with TLS where there is a certificate to trust, or in HTTP/2 without.
 * Prints {@code ready} when all are idle, and ends when its input does.
 */
final class IdleConnections {

    static final byte[] REQUEST = "GET /api/x HTTP/1.1\r\nHost: bench\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    private static final int SETTINGS = 4;
    private static final byte[] SETTINGS_ACK = {0, 0, 0, SETTINGS, 1, 0, 0, 0, 0};
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
                    .getBytes(StandardCharsets.US_ASCII);
    /** GET, http, /api/x, bench (RFC 7541 §6.1, §6.2). */
    private static final byte[] HEADERS = {0, 0, 17, 1, 5, 0, 0, 0, 1, (byte) 0x82, (byte) 0x86,
        0x04, 6, '/', 'a', 'p', 'i', '/', 'x', 0x01, 5, 'b', 'e', 'n', 'c', 'h'};
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");

    private IdleConnections() {
    }

    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        int port = Integer.parseInt(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        boolean http2 = arguments.length == 3 && arguments[2].equals("h2");
        SocketFactory factory = arguments.length < 3 || http2 ? SocketFactory.getDefault()
                : trusting(Path.of(arguments[2])).getSocketFactory();
        List<Socket> idle = new ArrayList<>(count);
        byte[] buffer = new byte[16 * 1024];
        for (int i = 0; i < count; i++) {
            Socket socket = factory.createSocket(InetAddress.getLoopbackAddress(), port);
            // The end of a handshake and the request are two writes (RFC 896).
            socket.setTcpNoDelay(true);
            if (http2) {
                exchangeFrames(socket, buffer);
            } else {
                socket.getOutputStream().write(REQUEST);
                readAnswer(socket.getInputStream(), buffer);
            }
            idle.add(socket);
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            continue;
        }
        for (Socket socket : idle) {
            socket.close();
        }
    }

    /** One request as a stream (RFC 9113 §3.4, §6.2), until a frame with END_STREAM has come. */
    private static void exchangeFrames(Socket socket, byte[] buffer) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(PREFACE);
        out.write(HEADERS);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        boolean ended = false;
        while (!ended) {
            int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            in.readFully(buffer, 0, length);
            if (type == SETTINGS && flags == 0) {
                out.write(SETTINGS_ACK);
            }
            ended = stream == 1 && type <= 1 && (flags & 1) != 0;
        }
    }

    static SSLContext trusting(Path certificate)
            throws IOException, GeneralSecurityException {
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            authorities.setCertificateEntry("one",
                    CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    static void readAnswer(InputStream in, byte[] buffer) throws IOException {
        int length = 0;
        while (true) {
            int count = in.read(buffer, length, buffer.length - length);
            if (count < 0) {
                throw new EOFException("closed in the answer");
            }
            length += count;
            String seen = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            int end = seen.indexOf("\r\n\r\n");
            var announced = LENGTH.matcher(seen);
            if (end >= 0 && !announced.find()) {
                throw new IOException("an answer without a length: " + seen);
            }
            if (end >= 0 && length == end + 4 + Integer.parseInt(announced.group(1))) {
                return;
            }
        }
    }
}
