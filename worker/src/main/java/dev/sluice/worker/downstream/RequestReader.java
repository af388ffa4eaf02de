package dev.sluice.worker.downstream;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.http.Status;
import dev.sluice.worker.http1.RequestParser;
import dev.sluice.worker.http2.Preface;
import java.nio.ByteBuffer;

/**
 * Finds requests in what a client sends: from the first byte to the complete head, one request
 * behind the other, and back to idle. One for all connections.
 *
 * <p>Owner: event loop.
 */
final class RequestReader {

    private static final long NS_PER_MS = 1_000_000L;
    /** Pipelined requests of one connection that are begun in one turn; others wait meanwhile. */
    static final int REQUESTS_PER_TURN = 64;

    private final Downstreams shared;

    RequestReader(Downstreams shared) {
        this.shared = shared;
    }

    private static boolean atHead(DownstreamConnection c) {
        return c.state() == DownstreamState.IDLE || c.state() == DownstreamState.READING_HEAD;
    }

    /** The socket is readable between two exchanges. */
    void readHead(DownstreamConnection c) {
        if (c.stream() == null && !c.borrowStream()) {
            return;
        }
        while (c.canRead() && atHead(c) && !turnSpent(c)) {
            int count = c.fill();
            if (count == DownstreamConnection.BROKEN) {
                inputBroken(c, Termination.CLIENT_RESET);
                return;
            }
            if (count <= 0) {
                break;
            }
            if (c.state() == DownstreamState.IDLE) {
                c.become(DownstreamState.READING_HEAD);
                c.stream().firstByteNs = shared.ctx.clock.nowNs();
            }
            if (c.mayBeHttp2 && looksLikeHttp2(c)) {
                continue;
            }
            parseBuffered(c);
        }
        rest(c);
    }

    /** Whether the first bytes are not those of HTTP/1, as far as they are there. */
    private static boolean looksLikeHttp2(DownstreamConnection c) {
        StreamInput in = c.stream().in;
        int preface = Preface.match(in.slab().bytes, in.start(), in.end());
        if (preface == Preface.OTHER) {
            c.mayBeHttp2 = false;
            return false;
        }
        if (preface != Preface.NEED_MORE) {
            c.becomeHttp2(in);
        }
        return true;
    }

    /** Nothing can be read now and no exchange was begun, or one has ended at once. */
    private void rest(DownstreamConnection c) {
        if (c.state() == DownstreamState.READING_HEAD) {
            if (turnSpent(c)) {
                shared.ctx.loop.atNextTurn(c);
            } else if (c.hasInputEnded() || !c.stream().out.isEmpty()) {
                c.gather();
            } else {
                waitForHead(c);
            }
        } else if (c.state() == DownstreamState.IDLE) {
            if (c.hasInputEnded()) {
                c.closeNow();
            } else if (c.holdsRecord()) {
                // A client that begins a record has begun a request: it has so long to go on.
                c.become(DownstreamState.READING_HEAD);
                c.stream().firstByteNs = shared.ctx.clock.nowNs();
                waitForHead(c);
            } else {
                c.releaseStream();
            }
        }
    }

    /** Bytes that were read before it was known that they are HTTP; copied. */
    void readOn(DownstreamConnection c, ByteBuffer first, int count) {
        if (!c.borrowStream()) {
            c.closeNow();
            return;
        }
        StreamInput in = c.stream().in;
        in.slab().bytes.put(in.end(), first, 0, count);
        in.received(count);
        c.become(DownstreamState.READING_HEAD);
        c.stream().firstByteNs = shared.ctx.clock.nowNs();
        parseBuffered(c);
        rest(c);
    }

    /** Whether this connection has had its share of this turn of the loop. */
    private boolean turnSpent(DownstreamConnection c) {
        Http1Stream stream = c.stream();
        long turnNs = shared.ctx.clock.nowNs();
        if (stream.turnNs != turnNs) {
            stream.turnNs = turnNs;
            stream.turnRequests = 0;
        }
        return stream.turnRequests >= REQUESTS_PER_TURN;
    }

    /** Parses what is buffered, one request after the other, as long as answers are immediate. */
    private void parseBuffered(DownstreamConnection c) {
        while (c.state() == DownstreamState.READING_HEAD && !turnSpent(c)) {
            Http1Stream stream = c.stream();
            if (stream.out.headRoom() < StreamOutput.HEAD_ROOM) {
                c.gather();
                return;
            }
            int end = stream.in.parse(stream.head);
            if (end > 0) {
                stream.turnRequests++;
                shared.driver.begin(c, end);
                if (c.mistaken) {
                    stream.keepAlive = false;
                    shared.router.onBadRequest(stream.exchange, Status.PLAIN_ON_TLS);
                } else {
                    shared.turnstile.enter(stream);
                }
                shared.driver.afterHandler(c);
            } else if (end == RequestParser.BAD) {
                badRequest(c, stream.head.error.status());
            } else if (stream.in.room() > 0 && stream.in.headMayFit()) {
                return;
            } else if (!stream.in.compact(stream.head)) {
                badRequest(c, 431);
            }
        }
    }

    private void badRequest(DownstreamConnection c, int status) {
        Http1Stream stream = c.stream();
        shared.driver.begin(c, 0);
        shared.ctx.counters.add(CounterId.BAD_REQUESTS, 1);
        stream.exchange.terminate(status == 408
                ? Termination.CLIENT_HEAD_TIMEOUT : Termination.CLIENT_BAD_REQUEST);
        shared.router.onBadRequest(stream.exchange, status);
        shared.driver.afterHandler(c);
    }

    void headTimeout(DownstreamConnection c) {
        badRequest(c, 408);
    }

    private void waitForHead(DownstreamConnection c) {
        shared.ctx.timers.set(c, c.stream().firstByteNs
                + shared.http.clientHeaderTimeoutMs() * NS_PER_MS);
    }

    /** The last exchange has ended and its body has been read to its end. */
    void nextRequest(DownstreamConnection c) {
        Http1Stream stream = c.stream();
        stream.in.startNext(stream.head);
        stream.pipelined = stream.in.buffered() > 0;
        stream.firstByteNs = shared.ctx.clock.nowNs();
        c.become(DownstreamState.READING_HEAD);
        c.gather();
    }

    /** Everything has been sent: parse what is buffered, then wait for more or be idle. */
    void continueReading(DownstreamConnection c) {
        parseBuffered(c);
        if (c.state() != DownstreamState.READING_HEAD) {
            return;
        }
        if (turnSpent(c)) {
            shared.ctx.loop.atNextTurn(c);
            return;
        }
        if (!c.stream().out.isEmpty()) {
            return;
        }
        if (c.stream().in.buffered() > 0) {
            if (c.hasInputEnded()) {
                inputBroken(c, Termination.CLIENT_CLOSED);
            } else if (c.canRead()) {
                readHead(c);
            } else {
                waitForHead(c);
            }
        } else if (c.hasInputEnded()) {
            c.closeNow();
        } else {
            becomeIdle(c);
        }
    }

    private void becomeIdle(DownstreamConnection c) {
        shared.ctx.timers.set(c, shared.ctx.clock.nowNs()
                + c.stream().settings().keepaliveTimeoutMs() * NS_PER_MS);
        c.become(DownstreamState.IDLE);
        if (c.canRead()) {
            readHead(c);
        } else {
            c.releaseStream();
        }
    }

    /** The client's end came in the middle of a head: counted as an exchange of its own. */
    private void inputBroken(DownstreamConnection c, Termination reason) {
        if (c.state() == DownstreamState.READING_HEAD && c.stream().in.buffered() > 0) {
            shared.driver.begin(c, 0);
            shared.driver.clientGone(c, reason);
        } else {
            c.closeNow();
        }
    }
}
