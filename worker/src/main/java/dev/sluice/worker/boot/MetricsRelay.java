package dev.sluice.worker.boot;

import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.control.OperatorPage;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * Answers {@code /metrics} and the other pages for operators: asks the master for what all workers
 * have counted and passes its answer on, so that it does not matter which worker is asked.
 *
 * <p>Owner: event loop. Not a hot path: a scrape allocates.
 */
final class MetricsRelay implements ContentHandler {

    /** By the numbers of the pages. */
    private static final byte[][] PATHS = new byte[OperatorPage.values().length][];
    private static final byte[][] CONTENT_TYPES = new byte[PATHS.length][];
    private static final byte[] NO_STORE = "no-store".getBytes(StandardCharsets.US_ASCII);

    static {
        for (OperatorPage page : OperatorPage.values()) {
            PATHS[page.ordinal()] = page.path().getBytes(StandardCharsets.US_ASCII);
            CONTENT_TYPES[page.ordinal()] =
                    page.contentType().getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** Scrapes that may wait for the master at once; more are answered 503. */
    private static final int WAITING_MAX = 64;

    private final LoopContext ctx;
    private final Consumer<ControlMessage.FromWorker> master;
    private final ObjIntConsumer<Exchange> errors;
    private final Map<Long, Exchange> waiting = new HashMap<>();
    private long lastId;

    /** @param errors sends the built-in answer of a status */
    MetricsRelay(LoopContext ctx, Consumer<ControlMessage.FromWorker> master,
            ObjIntConsumer<Exchange> errors) {
        this.ctx = ctx;
        this.master = master;
        this.errors = errors;
    }

    @Override
    public void handle(Exchange x) {
        if (x.request.method != Method.GET && x.request.method != Method.HEAD) {
            errors.accept(x, 405);
            return;
        }
        if (waiting.size() >= WAITING_MAX) {
            errors.accept(x, 503);
            return;
        }
        long id = ++lastId;
        waiting.put(id, x);
        x.state = ExchangeState.SENDING_RESPONSE;
        OperatorPage page = page(x);
        x.responder = page == OperatorPage.EVENTS && x.request.method == Method.GET
                ? new Feed(x, id) : new Scrape(id, page);
        master.accept(new ControlMessage.MetricsRequest(id, page));
    }

    private static OperatorPage page(Exchange x) {
        for (int i = 1; i < PATHS.length; i++) {
            if (isPath(x, PATHS[i])) {
                return OperatorPage.of(i) != OperatorPage.OPENMETRICS
                        || MetricsForm.prefersOpenMetrics(x)
                        ? OperatorPage.of(i) : OperatorPage.METRICS;
            }
        }
        return OperatorPage.METRICS;
    }

    private static boolean isPath(Exchange x, byte[] path) {
        boolean same = x.pathLength == path.length;
        for (int i = 0; same && i < path.length; i++) {
            same = x.pathBuffer.get(x.pathOffset + i) == path[i];
        }
        return same;
    }

    /** The master's answer; ignored when the client has gone meanwhile. */
    void answered(ControlMessage.MetricsResponse response) {
        Exchange x = waiting.remove(response.id());
        if (x == null) {
            return;
        }
        if (x.responder instanceof Feed feed) {
            feed.answered(response.text());
            return;
        }
        if (response.text().length == 0) {
            x.responder = Responder.NONE;
            errors.accept(x, 503);
            return;
        }
        Scrape scrape = (Scrape) x.responder;
        scrape.text = ByteBuffer.wrap(response.text());
        x.client.beginHead(200);
        // While the program is upgraded another master answers, in the form that it likes.
        OperatorPage sent = scrape.page == OperatorPage.OPENMETRICS
                && !MetricsForm.isOpenMetrics(response.text()) ? OperatorPage.METRICS
                : scrape.page;
        x.client.header(HeaderName.CONTENT_TYPE, CONTENT_TYPES[sent.ordinal()]);
        x.client.header(HeaderName.CACHE_CONTROL, NO_STORE);
        x.client.endHead(response.text().length);
        scrape.write(x);
    }

    private final class Scrape implements Responder {
        private final long id;
        private final OperatorPage page;
        private ByteBuffer text;
        private int at;

        Scrape(long id, OperatorPage page) {
            this.id = id;
            this.page = page;
        }

        void write(Exchange x) {
            at += x.client.writeCopy(text, at, text.capacity() - at);
            if (at == text.capacity()) {
                x.client.endResponse();
            }
        }

        @Override
        public void onRequestBodyReadable(Exchange x) {
            // A scrape has no body worth reading.
        }

        @Override
        public void onClientWritable(Exchange x) {
            if (text != null && at < text.capacity()) {
                write(x);
            }
        }

        @Override
        public void onClientGone(Exchange x) {
            waiting.remove(id);
        }
    }

    /**
     * Server-sent events: the status every two seconds, for a minute; then the browser asks anew,
     * perhaps another worker.
     */
    private final class Feed extends Timed implements Responder {
        private static final long INTERVAL_NS = 2_000_000_000L;
        private static final int EVENTS_MAX = 30;

        private final Exchange x;
        private long id;
        private int events;
        private ByteBuffer text = ByteBuffer.allocate(0);
        private int at;

        Feed(Exchange x, long id) {
            this.x = x;
            this.id = id;
        }

        void answered(byte[] json) {
            if (!x.client.headSent()) {
                x.client.beginHead(200);
                x.client.header(HeaderName.CONTENT_TYPE,
                        CONTENT_TYPES[OperatorPage.EVENTS.ordinal()]);
                x.client.header(HeaderName.CACHE_CONTROL, NO_STORE);
                x.client.endHead(ClientStream.LENGTH_UNKNOWN);
            }
            byte[] head = "data: ".getBytes(StandardCharsets.US_ASCII);
            text = ByteBuffer.allocateDirect(head.length + json.length + 2)
                    .order(ByteOrder.LITTLE_ENDIAN);
            text.put(head).put(json).put((byte) '\n').put((byte) '\n').flip();
            at = 0;
            write();
        }

        private void write() {
            at += x.client.writeCopy(text, at, text.limit() - at);
            if (at < text.limit()) {
                return;
            }
            if (++events >= EVENTS_MAX) {
                x.client.endResponse();
            } else {
                ctx.timers.set(this, ctx.clock.nowNs() + INTERVAL_NS);
            }
        }

        @Override
        protected void onDeadline(long nowNs) {
            id = ++lastId;
            waiting.put(id, x);
            master.accept(new ControlMessage.MetricsRequest(id, OperatorPage.EVENTS));
        }

        @Override
        public void onRequestBodyReadable(Exchange of) {
            // Nobody sends one.
        }

        @Override
        public void onClientWritable(Exchange of) {
            if (at < text.limit()) {
                write();
            }
        }

        @Override
        public void onClientGone(Exchange of) {
            ctx.timers.clear(this);
            waiting.remove(id);
        }
    }
}
