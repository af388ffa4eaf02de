package dev.sluice.worker.tls;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.loop.RawSocket;
import dev.sluice.worker.loop.SocketHandle;

/**
 * A client's connection from its first byte to the end of the handshake:
 *
 * <pre>
 *   hello incomplete ──complete: server chosen──► handshake ──done──► TlsLink
 *        │                                            │
 *        ├─ no TLS ──► plain                          └─ failed
 *        └─ bad, too large, refused ──► failed
 * </pre>
 *
 * <p>Owner: event loop. {@link #release} must be called once.
 */
public final class TlsOpening {

    /** How it stands. */
    public enum Progress {
        WAITING,
        /** {@link #takeLink} and {@link #facts} tell the rest. */
        DONE,
        /** The client speaks plain HTTP; {@link #hello} holds what it said. */
        PLAIN,
        /** {@link #failure} says why. */
        FAILED
    }

    /** A stream takes so much over from a client that speaks plain HTTP. */
    private static final int READ_BYTES_MAX = 32 * 1024;
    private static final int ALERT_HANDSHAKE_FAILURE = 40;
    private static final int ALERT_DECODE_ERROR = 50;
    private static final int ALERT_UNRECOGNIZED_NAME = 112;
    private static final int ALERT_NO_APPLICATION_PROTOCOL = 120;

    private final TlsFront front;
    private final int listenIndex;
    private final RawSocket socket;
    private final Runnable wake;
    private Slab hello;
    private int helloBytes;
    private TlsLink link;
    private TlsProvider provider;
    private int server = -1;
    private String name = "";
    private TlsFacts facts;
    private String failure;

    /** @param wake run on the loop when the handshake can go on without the socket's help */
    TlsOpening(TlsFront front, int listenIndex, RawSocket socket, Runnable wake) {
        this.front = front;
        this.listenIndex = listenIndex;
        this.socket = socket;
        this.wake = wake;
    }

    /** Goes on as far as the socket allows. */
    public Progress advance() {
        if (link != null) {
            return handshake();
        }
        if (hello == null) {
            hello = front.buffers.slabs.borrow();
            if (hello == null) {
                return failed("no slab is free", 0);
            }
        }
        int count = socket.recv(hello.address, helloBytes, READ_BYTES_MAX);
        if (count < 0) {
            return failed("the client closed the connection before the handshake", 0);
        }
        helloBytes += count;
        return switch (front.hello.parse(hello.bytes, helloBytes)) {
            case NEED_MORE -> helloBytes == READ_BYTES_MAX
                    ? failed("the hello does not end", ALERT_DECODE_ERROR) : waiting();
            case COMPLETE -> choose();
            case PLAIN -> Progress.PLAIN;
            case BAD -> failed("the client's hello is malformed", ALERT_DECODE_ERROR);
            case TOO_LARGE -> failed("the client's hello is too large", ALERT_DECODE_ERROR);
        };
    }

    /** A client that says nothing costs no slab. */
    private Progress waiting() {
        if (helloBytes == 0) {
            giveBackHello();
        }
        return Progress.WAITING;
    }

    private Progress choose() {
        name = front.hello.name();
        server = front.serverFor(listenIndex, name);
        provider = front.server(server);
        if (provider == null) {
            return failed(name.isEmpty() ? "the client asked for no name"
                    : "no server has the name \"" + name + "\"", ALERT_UNRECOGNIZED_NAME);
        }
        if (provider.http() && front.hello.lacksProtocol(provider.http2())) {
            // RFC 7301 §3.2.
            return failed("the client speaks no protocol of the server",
                    ALERT_NO_APPLICATION_PROTOCOL);
        }
        if (!front.handshakeBegins()) {
            return failed("too many handshakes are under way", ALERT_HANDSHAKE_FAILURE);
        }
        Slab first = hello;
        hello = null;
        TlsEngine engine = provider.newEngine();
        engine.onWake(wake);
        link = new TlsLink(engine, socket, front.buffers, first, helloBytes,
                front.recordSizes());
        return handshake();
    }

    private Progress handshake() {
        return switch (link.handshake()) {
            case WAITING -> Progress.WAITING;
            case DONE -> settled();
            case FAILED -> {
                failure = link.failure();
                yield Progress.FAILED;
            }
        };
    }

    private Progress settled() {
        facts = front.judged(provider.facts(link.engine(), server, name));
        return facts == null ? failed("a module refuses the client's certificate", 0)
                : Progress.DONE;
    }

    /** @param alert what the client is told (RFC 8446 §6.2); 0 for nothing */
    private Progress failed(String why, int alert) {
        failure = why;
        if (alert != 0) {
            Slab slab = hello;
            byte[] record = {21, 3, 3, 0, 2, 2, (byte) alert};
            slab.bytes.put(0, record);
            // Best effort: whatever the socket says, the connection ends.
            if (socket.send(slab.address, 0, record.length) == SocketHandle.BROKEN) {
                failure = why + "; the client has gone";
            }
        }
        return Progress.FAILED;
    }

    /** Why it failed, in words for the log. */
    public String failure() {
        return failure;
    }

    /** What the client has said so far, from byte 0; lent. */
    public Slab hello() {
        return hello;
    }

    public int helloBytes() {
        return helloBytes;
    }

    /** What the handshake has settled. */
    public TlsFacts facts() {
        return facts;
    }

    /** Hands the connection over. */
    public TlsLink takeLink() {
        TlsLink done = link;
        link = null;
        front.handshakeEnds();
        return done;
    }

    public void release() {
        giveBackHello();
        if (link != null) {
            front.handshakeEnds();
            link.release();
            link = null;
        }
    }

    private void giveBackHello() {
        if (hello != null) {
            front.buffers.slabs.giveBack(hello);
            hello = null;
        }
    }
}
