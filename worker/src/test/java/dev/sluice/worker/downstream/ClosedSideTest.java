package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ClientConfig;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.RequestHandler;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.loop.LoopContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client closes its side of the connection (FIN) while its request is worked for. */
class ClosedSideTest {

    private static final String ROUTE = " HTTP/1.1\r\nHost: a\r\n";

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private DownstreamHarness harness;
    private volatile Exchange waiting;

    /** {@code /now} is answered at once; others wait in the state that they name. */
    private final class Waiter implements RequestHandler, Responder {

        private final LoopContext ctx;

        Waiter(LoopContext ctx) {
            this.ctx = ctx;
        }

        @Override
        public void onRequest(Exchange x) {
            byte[] path = new byte[x.request.pathLength - 1];
            x.request.buffer().get(x.request.pathOffset + 1, path);
            String word = new String(path, StandardCharsets.US_ASCII);
            if (word.equals("now")) {
                answer(x, "now");
                return;
            }
            x.onEnd = e -> events.add(e.termination.label());
            x.responder = this;
            x.state = ExchangeState.valueOf(word);
            waiting = x;
            if (x.state == ExchangeState.READING_RESPONSE_BODY) {
                x.client.beginHead(200);
                x.client.endHead(100);
                x.client.writeCopy(ByteBuffer.wrap(new byte[] {'h', 'a', 'l', 'f'}), 0, 4);
            }
            onRequestBodyReadable(x);
        }

        @Override
        public void onRequestBodyReadable(Exchange x) {
            Slab slab = ctx.slabs.borrow();
            int count = 1;
            while (count > 0 && x.client.bodyPending()) {
                count = x.client.readBody(slab.bytes, slab.address, 0, Slab.BYTES);
            }
            ctx.slabs.giveBack(slab);
            events.add(count == ClientStream.BODY_ERROR ? "body broken" : "waits");
        }

        @Override
        public void onClientWritable(Exchange x) {
            throw new AssertionError("nobody asked");
        }

        @Override
        public void onClientGone(Exchange x) {
            events.add("gone");
        }

        @Override
        public void onBadRequest(Exchange x, int status) {
            answer(x, "bad " + status);
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
    }

    private static void answer(Exchange x, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        x.client.beginHead(200);
        x.client.endHead(bytes.length);
        x.client.writeCopy(ByteBuffer.wrap(bytes), 0, bytes.length);
        x.client.endResponse();
    }

    private DownstreamHarness.Client connect(String... keys) throws IOException {
        ClientConfig client = keys.length == 0 ? DownstreamHarness.patientClient()
                : ConfigText.location("/", keys).client();
        harness = new DownstreamHarness(client, 10_000, 64, Waiter::new);
        return harness.connect();
    }

    @AfterEach
    void stop() throws InterruptedException {
        harness.close();
    }

    private String next() throws InterruptedException {
        return events.poll(10, TimeUnit.SECONDS);
    }

    private static String get(String word) {
        return "GET /" + word + ROUTE + "\r\n";
    }

    private void expectLeft() throws InterruptedException {
        assertEquals("gone", next());
        assertEquals(Termination.CLIENT_CLOSED.label(), next());
    }

    @ParameterizedTest
    @EnumSource(value = ExchangeState.class, names = {"AT_GATE", "QUEUED", "CONNECTING",
        "SENDING_REQUEST", "READING_RESPONSE_HEAD"})
    void leavesWhatWaitsForOthers(ExchangeState state) throws Exception {
        try (var client = connect()) {
            client.send(get(state.name()));
            assertEquals("waits", next());
            client.socket.shutdownOutput();
            expectLeft();
            assertEquals("", client.readToEnd());
        }
    }

    /** Its end comes with the request, behind more requests than are begun in one turn. */
    @Test
    void leavesBeforeItsRequestIsBegun() throws Exception {
        try (var client = connect()) {
            client.send(get("now").repeat(RequestReader.REQUESTS_PER_TURN * 2) + get("QUEUED"));
            client.socket.shutdownOutput();
            assertEquals("waits", next());
            expectLeft();
            assertEquals(RequestReader.REQUESTS_PER_TURN * 2,
                    client.readToEnd().split("\r\n\r\nnow", -1).length - 1);
        }
    }

    @Test
    void whatItAskedForBehindIsNotBegun() throws Exception {
        try (var client = connect()) {
            client.send(get("QUEUED") + get("now"));
            assertEquals("waits", next());
            client.socket.shutdownOutput();
            expectLeft();
            assertEquals("", client.readToEnd());
        }
    }

    @Test
    void leavesBehindTheEndOfItsBody() throws Exception {
        try (var client = connect()) {
            client.send("POST /QUEUED" + ROUTE + "Content-Length: 3000\r\n\r\nabc");
            assertEquals("waits", next());
            client.send("d".repeat(2997));
            client.socket.shutdownOutput();
            String event = next();
            while (event.equals("waits")) {
                event = next();
            }
            assertEquals("gone", event);
            assertEquals(Termination.CLIENT_CLOSED.label(), next());
        }
    }

    @Test
    void anEndBeforeThatOfItsBodyIsAMistakeAsEver() throws Exception {
        try (var client = connect("proxy_ignore_client_abort = on")) {
            client.send("POST /QUEUED" + ROUTE + "Content-Length: 3000\r\n\r\nabc");
            assertEquals("waits", next());
            client.socket.shutdownOutput();
            assertEquals("body broken", next());
            assertTrue(client.readToEnd().endsWith("bad 400"));
        }
    }

    @Test
    void anAnswerThatHasBegunIsCutVisibly() throws Exception {
        try (var client = connect()) {
            client.send(get("READING_RESPONSE_BODY")).readThrough("half");
            assertEquals("waits", next());
            client.socket.shutdownOutput();
            expectLeft();
            assertThrows(IOException.class, client::readToEnd);
        }
    }

    @Test
    void whatIsMadeHereIsSentAllTheSame() throws Exception {
        try (var client = connect()) {
            client.send(get("SENDING_RESPONSE"));
            assertEquals("waits", next());
            client.socket.shutdownOutput();
            answersLater(client);
        }
    }

    @Test
    void whoeverIsToBeIgnoredGetsItsAnswer() throws Exception {
        try (var client = connect("proxy_ignore_client_abort = on")) {
            client.send(get("QUEUED"));
            assertEquals("waits", next());
            client.socket.shutdownOutput();
            answersLater(client);
        }
    }

    /** Once the end of the client's side has been seen. */
    private void answersLater(DownstreamHarness.Client client) throws IOException {
        Exchange x = waiting;
        while (!harness.onLoop(() -> harness.downstreams().open(0).hasInputEnded())) {
            Thread.onSpinWait();
        }
        harness.onLoop(() -> {
            assertFalse(x.state == ExchangeState.ENDED);
            x.responder = Responder.NONE;
            answer(x, "late");
            return null;
        });
        assertTrue(client.readToEnd().endsWith("\r\n\r\nlate"));
        assertEquals(0, events.stream().filter("gone"::equals).count());
    }
}
