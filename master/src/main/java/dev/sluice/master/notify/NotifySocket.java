package dev.sluice.master.notify;

import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.master.system.Posix;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The datagram socket of sd_notify(3). Without {@code NOTIFY_SOCKET} nothing is opened. A service
 * manager that does not listen must not stop the master: what cannot be sent at once is dropped,
 * and the first failure is logged. Owner: master loop.
 */
final class NotifySocket {

    /** One message over a connected socket. */
    private interface Sending {
        void over(int socket) throws IOException;
    }

    private final ErrorLog log;
    private final String where;
    private boolean open;
    private boolean complained;

    NotifySocket(Map<String, String> environment, ErrorLog log) {
        this.where = environment.getOrDefault("NOTIFY_SOCKET", "");
        this.log = log;
    }

    /** Whether somebody wants to be told; only a path and an abstract name are known kinds. */
    boolean wanted() {
        return where.startsWith("/") || where.startsWith("@");
    }

    /** From now on messages are sent: before, another master may be the one that is believed. */
    void open() {
        open = true;
    }

    /** Sends these lines as one message. */
    void send(String lines) {
        connected(socket -> Posix.sendMessage(socket, bytes(lines)));
    }

    /** Sends a copy of this descriptor along. */
    void send(String lines, int descriptor) {
        connected(socket -> Posix.sendMessage(socket, bytes(lines), descriptor));
    }

    private static byte[] bytes(String lines) {
        return lines.getBytes(StandardCharsets.UTF_8);
    }

    /** Each message has a socket of its own: who listens may have been replaced meanwhile. */
    private void connected(Sending message) {
        if (!open) {
            return;
        }
        try {
            Socket socket = Socket.newSocketDomainDgram();
            try {
                socket.connect(new DomainSocketAddress(where.replaceFirst("^@", "\0")));
                message.over(socket.intValue());
            } finally {
                socket.close();
            }
        } catch (IOException | LinkageError failed) {
            complain(failed);
        }
    }

    private void complain(Throwable failed) {
        if (!complained) {
            complained = true;
            log.log(Level.WARN, "NOTIFY_SOCKET " + where + " cannot be told: " + failed);
        }
    }
}
