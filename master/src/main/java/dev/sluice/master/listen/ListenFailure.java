package dev.sluice.master.listen;

import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.SourceLine;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;

/**
 * An address cannot be had: its message begins with the line of the file that asks for it. Written
 * once, then read-only.
 */
public final class ListenFailure extends IOException {

    private static final long serialVersionUID = 1;

    private static final int EACCES = 13;
    private static final int EADDRINUSE = 98;
    private static final int EADDRNOTAVAIL = 99;

    private static final int UNPRIVILEGED_PORT_MIN = 1024;

    private final transient ListenConfig listen;
    private final int errno;

    /** The kernel refused. */
    ListenFailure(String call, ListenConfig listen, IOException failed) {
        super(said(call, listen, words(failed)), failed);
        this.listen = listen;
        this.errno = failed instanceof NativeIoException known ? -known.expectedErr() : 0;
    }

    /** Somebody answers at the path of a socket. */
    ListenFailure(ListenConfig listen) {
        super(said("bind() to ", listen, "another process listens there"));
        this.listen = listen;
        this.errno = EADDRINUSE;
    }

    private static String said(String call, ListenConfig listen, String why) {
        SourceLine at = listen.at();
        String where = at.line() > 0 ? at.toString() : at.file();
        return where + ": " + call + listen.key() + " failed: " + why;
    }

    /** Without the name of the call, which Netty puts in front of it. */
    private static String words(IOException failed) {
        String reason = failed.getMessage();
        int colon = reason == null ? -1 : reason.lastIndexOf(": ");
        return colon < 0 ? String.valueOf(reason) : reason.substring(colon + 2);
    }

    /** Whether trying again shortly may help: a predecessor's workers are about to exit. */
    public boolean mayPass() {
        return errno == EADDRINUSE;
    }

    /**
     * What an operator is to know: the failure, who has the address, and on a line of its own the
     * cure. It looks through the processes of the machine.
     *
     * @param next what follows from it, behind a semicolon
     */
    public String told(String next) {
        String owner = errno == EADDRINUSE && listen.unixPath() == null
                ? AddressOwner.of(ListenSocket.address(listen, listen.port()), listen.udp())
                : null;
        String help = help(owner);
        return getMessage() + (owner == null ? "" : " by " + owner) + "; " + next
                + (help == null ? "" : "\n        help: " + help);
    }

    private String help(String owner) {
        return switch (errno) {
            case EADDRINUSE -> owner != null || listen.unixPath() != null
                    ? "stop it, or listen somewhere else"
                    : "\"ss -tulpn\", as root, shows who has it";
            case EACCES -> listen.unixPath() == null && listen.port() < UNPRIVILEGED_PORT_MIN
                    ? "ports below " + UNPRIVILEGED_PORT_MIN
                            + " need root or the capability CAP_NET_BIND_SERVICE"
                    : null;
            case EADDRNOTAVAIL -> "no interface of this machine has the address now; "
                    + "net.ipv4.ip_nonlocal_bind = 1 lets it come later";
            default -> null;
        };
    }
}
