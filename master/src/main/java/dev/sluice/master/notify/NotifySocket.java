package dev.sluice.master.notify;

import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.master.system.Posix;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;

/**
 * The datagram socket of sd_notify(3). Without {@code NOTIFY_SOCKET} nothing is opened and nothing
 * of jnr-unixsocket is loaded. A service manager that does not listen must not stop the master:
 * what cannot be sent at once is dropped, and the first failure is logged. Owner: master loop.
 */
final class NotifySocket {

    private final ErrorLog log;
    private final String where;
    private UnixDatagramChannel channel;
    private UnixSocketAddress address;
    private boolean complained;

    NotifySocket(Map<String, String> environment, ErrorLog log) {
        this.where = environment.getOrDefault("NOTIFY_SOCKET", "");
        this.log = log;
    }

    /** Whether somebody wants to be told; only a path and an abstract name are known kinds. */
    boolean wanted() {
        return where.startsWith("/") || where.startsWith("@");
    }

    /** Loads the library, which takes a fifth of a second: while the first workers start. */
    void open() {
        try {
            address = where.startsWith("@")
                    ? new UnixSocketAddress("\0" + where.substring(1))
                    : new UnixSocketAddress(new File(where));
            channel = UnixDatagramChannel.open();
            channel.configureBlocking(false);
        } catch (IOException | LinkageError failed) {
            complain(failed);
            channel = null;
        }
    }

    /** Sends these lines as one message. */
    void send(String lines) {
        if (channel == null) {
            return;
        }
        try {
            channel.send(ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8)), address);
        } catch (IOException failed) {
            complain(failed);
        }
    }

    /** Sends a copy of this descriptor along. The channel of jnr cannot, for it never connects. */
    void send(String lines, int descriptor) {
        if (channel == null) {
            return;
        }
        try {
            Socket connected = Socket.newSocketDomainDgram();
            try {
                connected.connect(new DomainSocketAddress(where.replaceFirst("^@", "\0")));
                Posix.sendDescriptor(connected.intValue(),
                        lines.getBytes(StandardCharsets.UTF_8), descriptor);
            } finally {
                connected.close();
            }
        } catch (IOException failed) {
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
