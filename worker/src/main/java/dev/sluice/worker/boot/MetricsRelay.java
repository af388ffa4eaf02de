package dev.sluice.worker.boot;

import dev.sluice.common.control.ControlMessage;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * Answers {@code /metrics}: asks the master for the totals of all workers and passes its answer
 * on, so that it does not matter which worker is asked.
 *
 * <p>Owner: event loop. Not a hot path: a scrape allocates.
 */
final class MetricsRelay implements ContentHandler {

    private static final byte[] CONTENT_TYPE =
            "text/plain; version=0.0.4; charset=utf-8".getBytes(StandardCharsets.US_ASCII);
    /** Scrapes that may wait for the master at once; more are answered 503. */
    private static final int WAITING_MAX = 64;

    private final Consumer<ControlMessage.FromWorker> master;
    private final ObjIntConsumer<Exchange> errors;
    private final Map<Long, Exchange> waiting = new HashMap<>();
    private long lastId;

    /** @param errors sends the built-in answer of a status */
    MetricsRelay(Consumer<ControlMessage.FromWorker> master, ObjIntConsumer<Exchange> errors) {
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
        x.state = ExchangeState.READING_RESPONSE_HEAD;
        x.responder = new Scrape(id);
        master.accept(new ControlMessage.MetricsRequest(id));
    }

    /** The master's answer; ignored when the client has gone meanwhile. */
    void answered(ControlMessage.MetricsResponse response) {
        Exchange x = waiting.remove(response.id());
        if (x == null) {
            return;
        }
        if (response.text().length == 0) {
            x.responder = Responder.NONE;
            errors.accept(x, 503);
            return;
        }
        x.state = ExchangeState.SENDING_RESPONSE;
        Scrape scrape = (Scrape) x.responder;
        scrape.text = ByteBuffer.wrap(response.text());
        x.client.beginHead(200);
        x.client.header(HeaderName.CONTENT_TYPE, CONTENT_TYPE);
        x.client.endHead(response.text().length);
        scrape.write(x);
    }

    private final class Scrape implements Responder {
        private final long id;
        private ByteBuffer text;
        private int at;

        Scrape(long id) {
            this.id = id;
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
}
