package dev.sluice.worker.upstream;

import dev.sluice.common.counters.Termination;
import io.netty.channel.epoll.LinuxSocket;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.Locale;

/**
 * Why a connection was not made. Immutable.
 *
 * @param reason REFUSED, UNREACHABLE, CONNECT_TIMEOUT or a TLS reason; a reason of
 *     the worker's side when this process could not even try
 * @param text for the error line: {@code connect() failed (111: connection refused)}
 */
public record ConnectFailure(Termination reason, String text) {

    private static final String ERRNO = "error(-";

    static ConnectFailure timedOut() {
        return failed(Termination.UPSTREAM_CONNECT_TIMEOUT, "110: connection timed out");
    }

    static ConnectFailure unresolved(String host) {
        return new ConnectFailure(
                Termination.UPSTREAM_UNREACHABLE, "host name \"" + host + "\" is not resolved");
    }

    static ConnectFailure noSocket(String why) {
        return new ConnectFailure(Termination.WORKER_OVERLOAD, "socket() failed: " + why);
    }

    /** The address of proxy_bind cannot be had, which is no fault of the peer. */
    static ConnectFailure noAddress(InetSocketAddress own, IOException e) {
        return new ConnectFailure(Termination.WORKER_NO_ADDRESS, "bind("
                + own.getAddress().getHostAddress() + ") of proxy_bind failed"
                + of(e).text.substring("connect() failed".length()));
    }

    /** @param untrusted the certificate was not accepted, else the protocol failed */
    static ConnectFailure tls(boolean untrusted, String why) {
        return new ConnectFailure(untrusted ? Termination.UPSTREAM_TLS_UNTRUSTED
                : Termination.UPSTREAM_TLS_FAILED, "TLS handshake failed: " + why);
    }

    static ConnectFailure noHttp2() {
        return new ConnectFailure(
                Termination.UPSTREAM_TLS_FAILED, "the peer did not agree to HTTP/2 (ALPN)");
    }

    static ConnectFailure noMemory() {
        return new ConnectFailure(Termination.WORKER_OVERLOAD, "no slab is free");
    }

    static ConnectFailure prefaceRefused() {
        return new ConnectFailure(Termination.UPSTREAM_REFUSED,
                "the PROXY protocol header could not be sent");
    }

    /** Closes a socket that is of no use. @return why it is not */
    static ConnectFailure closing(LinuxSocket fresh, ConnectFailure why) {
        try {
            fresh.close();
            return why;
        } catch (IOException e) {
            return of(e);
        }
    }

    /** Netty puts the error number into the text of its exceptions, and nowhere else. */
    static ConnectFailure of(IOException e) {
        if (e instanceof NoRouteToHostException) {
            return failed(Termination.UPSTREAM_UNREACHABLE, "113: no route to host");
        }
        if (e instanceof FileNotFoundException) {
            return failed(Termination.UPSTREAM_REFUSED, "2: no such file or directory");
        }
        String text = String.valueOf(e.getMessage());
        int at = text.indexOf(ERRNO);
        int end = at < 0 ? -1 : text.indexOf("): ", at);
        if (end < 0) {
            return new ConnectFailure(Termination.UPSTREAM_REFUSED, "connect() failed: " + text);
        }
        String number = text.substring(at + ERRNO.length(), end);
        String words = text.substring(end + 3).toLowerCase(Locale.ROOT);
        return failed(reasonOf(number), number + ": " + words);
    }

    private static ConnectFailure failed(Termination reason, String why) {
        return new ConnectFailure(reason, "connect() failed (" + why + ")");
    }

    private static Termination reasonOf(String number) {
        return switch (number) {
            case "110" -> Termination.UPSTREAM_CONNECT_TIMEOUT;
            // This machine has no port left: no peer is to be set aside for that.
            case "99" -> Termination.WORKER_NO_ADDRESS;
            case "101", "113" -> Termination.UPSTREAM_UNREACHABLE;
            default -> Termination.UPSTREAM_REFUSED;
        };
    }
}
