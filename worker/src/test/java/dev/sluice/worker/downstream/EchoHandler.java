package dev.sluice.worker.downstream;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RequestHandler;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.Status;
import dev.sluice.worker.loop.LoopContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Answers by path: {@code /hello} text, {@code /big} a streamed body, {@code /echo} the request's
 * body, {@code /size} its length without reading it ahead, {@code /cut} half an answer, {@code
 * /held}, {@code /taken} and {@code /heldcut} a head that is kept for a turn of the loop.
 */
final class EchoHandler implements RequestHandler {

    static final int BIG_BYTES = 20_000_000;

    final List<Termination> ended = new CopyOnWriteArrayList<>();
    /** Of the connection of the last request. */
    volatile TlsFacts tls;
    /** The most requests that came between two moves of the loop's clock. */
    volatile int mostInOneTurn;
    private int inThisTurn;
    private long turnNs;
    private final LoopContext ctx;

    EchoHandler(LoopContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void onRequest(Exchange x) {
        tls = x.client.tls();
        x.onEnd = e -> ended.add(e.termination);
        inThisTurn = turnNs == ctx.clock.nowNs() ? inThisTurn + 1 : 1;
        turnNs = ctx.clock.nowNs();
        mostInOneTurn = Math.max(mostInOneTurn, inThisTurn);
        byte[] path = new byte[x.request.pathLength];
        x.request.buffer().get(x.request.pathOffset, path);
        switch (new String(path, StandardCharsets.US_ASCII)) {
            case "/hello" -> text(x, 200, "hello");
            case "/big" -> stream(x, new Big(x), BIG_BYTES);
            case "/bigchunked" -> stream(x, new Big(x), ClientStream.LENGTH_UNKNOWN);
            case "/echo" -> stream(x, new Echo(), ClientStream.LENGTH_UNKNOWN);
            case "/switch" -> {
                x.client.beginHead(x.request.asksForTunnel() ? Status.CONNECTED : 101);
                x.client.endHeadOfTunnel();
                Tunnel tunnel = new Tunnel();
                x.responder = tunnel;
                tunnel.pump(x);
            }
            case "/held" -> {
                hold(x);
                ctx.loop.execute(() -> {
                    x.client.releaseHead();
                    x.client.writeCopy(ByteBuffer.wrap(new byte[] {'h', 'i'}), 0, 2);
                    x.client.endResponse();
                });
            }
            case "/taken" -> {
                hold(x);
                ctx.loop.execute(() -> {
                    x.client.takeBackHead();
                    text(x, 503, "instead");
                });
            }
            case "/heldcut" -> {
                hold(x);
                x.client.abort(Termination.UPSTREAM_CUT_BODY);
            }
            case "/cut" -> {
                x.client.beginHead(200);
                x.client.endHead(100);
                x.client.writeCopy(ByteBuffer.wrap(new byte[10]), 0, 10);
                x.client.abort(Termination.UPSTREAM_CUT_BODY);
            }
            default -> text(x, 404, "no such path");
        }
    }

    private static void hold(Exchange x) {
        x.client.beginHead(200);
        x.client.header(HeaderName.CONTENT_TYPE, "a/b".getBytes(StandardCharsets.US_ASCII));
        x.client.holdHead();
        x.client.endHead(ClientStream.LENGTH_UNKNOWN);
    }

    private static void text(Exchange x, int status, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        x.client.beginHead(status);
        x.client.header(HeaderName.CONTENT_TYPE, "text/plain".getBytes(StandardCharsets.US_ASCII));
        x.client.endHead(bytes.length);
        x.client.writeCopy(ByteBuffer.wrap(bytes), 0, bytes.length);
        x.client.endResponse();
    }

    private static void stream(Exchange x, Responder responder, long length) {
        x.responder = responder;
        if (responder instanceof Echo echo) {
            echo.begin(x);
        } else {
            x.client.beginHead(200);
            x.client.endHead(length);
            responder.onClientWritable(x);
        }
    }

    @Override
    public void onBadRequest(Exchange x, int status) {
        if (x.onEnd == null) {
            x.onEnd = e -> ended.add(e.termination);
        }
        text(x, status, "bad");
    }

    @Override
    public void onInternalRedirect(Exchange x) {
        throw new AssertionError("not asked for");
    }

    @Override
    public void onNamedLocation(Exchange x, String name) {
        throw new AssertionError("not asked for");
    }

    @Override
    public void onGatePassed(Exchange x) {
        throw new AssertionError("there is no gate");
    }

    /** The byte at a place of the big body. */
    static byte bigByte(int at) {
        return (byte) (at * 31 + (at >>> 13));
    }

    private final class Big implements Responder {
        private final Slab slab = ctx.slabs.borrow();
        private int at;

        Big(Exchange x) {
            assert x.client != null;
        }

        @Override
        public void onRequestBodyReadable(Exchange x) {
            throw new AssertionError("nobody asked");
        }

        @Override
        public void onClientWritable(Exchange x) {
            int room = Slab.BYTES - ClientStream.LENT_BEFORE - ClientStream.LENT_AFTER;
            int count = Math.min(room, BIG_BYTES - at);
            for (int i = 0; i < count; i++) {
                slab.bytes.put(ClientStream.LENT_BEFORE + i, bigByte(at + i));
            }
            at += count;
            if (count > 0) {
                x.client.writeLent(slab.bytes, slab.address, ClientStream.LENT_BEFORE, count);
            }
            if (at == BIG_BYTES) {
                x.responder = NONE;
                x.onEnd = e -> {
                    ctx.slabs.giveBack(slab);
                    ended.add(e.termination);
                };
                x.client.endResponse();
            }
        }

        @Override
        public void onClientGone(Exchange x) {
            ctx.slabs.giveBack(slab);
        }
    }

    /** Sends back what it gets, and holds memory no longer than that takes. */
    private final class Tunnel implements Responder {
        private Slab slab;

        @Override
        public void onRequestBodyReadable(Exchange x) {
            if (slab == null) {
                pump(x);
            }
        }

        @Override
        public void onClientWritable(Exchange x) {
            giveBack();
            pump(x);
        }

        private void pump(Exchange x) {
            slab = ctx.slabs.borrow();
            int count = x.client.readBody(slab.bytes, slab.address, ClientStream.LENT_BEFORE,
                    Slab.BYTES - ClientStream.LENT_AFTER);
            if (count > 0) {
                x.client.writeLent(slab.bytes, slab.address, ClientStream.LENT_BEFORE, count);
                return;
            }
            giveBack();
            if (count == ClientStream.BODY_END) {
                x.responder = NONE;
                x.client.endResponse();
            }
        }

        private void giveBack() {
            if (slab != null) {
                ctx.slabs.giveBack(slab);
                slab = null;
            }
        }

        @Override
        public void onClientGone(Exchange x) {
            giveBack();
        }
    }

    private final class Echo implements Responder {
        private Slab slab;

        void begin(Exchange x) {
            slab = ctx.slabs.borrow();
            pump(x);
        }

        private void pump(Exchange x) {
            int count = x.client.readBody(slab.bytes, slab.address, ClientStream.LENT_BEFORE,
                    Slab.BYTES - ClientStream.LENT_AFTER);
            if (count == ClientStream.BODY_ERROR) {
                release(x);
                return;
            }
            if (count == 0) {
                return;
            }
            if (!x.client.headSent()) {
                x.client.beginHead(200);
                x.client.endHead(ClientStream.LENGTH_UNKNOWN);
            }
            if (count == ClientStream.BODY_END) {
                release(x);
                x.client.endResponse();
            } else {
                x.client.writeLent(slab.bytes, slab.address, ClientStream.LENT_BEFORE, count);
            }
        }

        private void release(Exchange x) {
            x.responder = NONE;
            ctx.slabs.giveBack(slab);
        }

        @Override
        public void onRequestBodyReadable(Exchange x) {
            pump(x);
        }

        @Override
        public void onClientWritable(Exchange x) {
            pump(x);
        }

        @Override
        public void onClientGone(Exchange x) {
            ctx.slabs.giveBack(slab);
        }
    }
}
