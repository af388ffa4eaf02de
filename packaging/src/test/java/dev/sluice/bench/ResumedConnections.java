package dev.sluice.bench;

import dev.sluice.common.clock.SystemClock;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Makes one connection of TLS 1.3 after the other, each with a request, and resumes the session of
 * the one before: {@code ResumedConnections PORT SECONDS CERTIFICATE}. Prints how many there were;
 * fails when more than one in a hundred was not resumed. OpenSSL's s_time resumes none of TLS 1.3.
 */
final class ResumedConnections {

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int HUNDRED = 100;

    private ResumedConnections() {
    }

    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        int port = Integer.parseInt(arguments[0]);
        long end = SystemClock.INSTANCE.nowMs() + Integer.parseInt(arguments[1]) * 1000L;
        SSLContext context = IdleConnections.trusting(Path.of(arguments[2]));
        SSLSocketFactory factory = context.getSocketFactory();
        byte[] buffer = new byte[BUFFER_BYTES];
        int count = 0;
        int whole = 0;
        while (SystemClock.INSTANCE.nowMs() < end) {
            try (SSLSocket socket = (SSLSocket) factory.createSocket(
                    InetAddress.getLoopbackAddress(), port)) {
                // The end of a handshake and the request are two writes (RFC 896).
                socket.setTcpNoDelay(true);
                socket.setEnabledProtocols(new String[] {"TLSv1.3"});
                long beganMs = SystemClock.INSTANCE.nowMs();
                socket.startHandshake();
                // A session that is resumed keeps the time of the one that it came from.
                whole += socket.getSession().getCreationTime() >= beganMs ? 1 : 0;
                socket.getOutputStream().write(IdleConnections.REQUEST);
                IdleConnections.readAnswer(socket.getInputStream(), buffer);
                count++;
            }
        }
        if (whole > 1 + count / HUNDRED) {
            throw new IOException(whole + " of " + count + " connections were not resumed");
        }
        System.out.println(count);
    }
}
