package dev.sluice.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
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
 * COUNT [CERTIFICATE]}, with TLS where there is a certificate to trust. Prints {@code ready} when
 * all are idle, and ends when its input does.
 */
final class IdleConnections {

    private static final byte[] REQUEST = "GET /api/x HTTP/1.1\r\nHost: bench\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");

    private IdleConnections() {
    }

    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        int port = Integer.parseInt(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        SocketFactory factory = arguments.length < 3 ? SocketFactory.getDefault()
                : trusting(Path.of(arguments[2])).getSocketFactory();
        List<Socket> idle = new ArrayList<>(count);
        byte[] buffer = new byte[16 * 1024];
        for (int i = 0; i < count; i++) {
            Socket socket = factory.createSocket(InetAddress.getLoopbackAddress(), port);
            socket.getOutputStream().write(REQUEST);
            readAnswer(socket.getInputStream(), buffer);
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

    private static SSLContext trusting(Path certificate)
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

    private static void readAnswer(InputStream in, byte[] buffer) throws IOException {
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
