package dev.sluice.worker.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.Gate.Outcome;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.route.Sites;
import dev.sluice.worker.route.Sites.Place;
import dev.sluice.worker.route.Sites.Site;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checks between a location and its content. */
class GateTest {

    private static final String REQUEST = "GET /a HTTP/1.1\nHost: www.example.com";

    private final List<String> calls = new ArrayList<>();
    private final Sites sites = new Sites();
    private final Site www = sites.site("www").listen(80, false);

    private RoutingHarness start(Gate... gates) {
        return new RoutingHarness(sites.add(www).config(), one -> gates);
    }

    private Gate gate(String name, Outcome outcome) {
        return x -> {
            calls.add(name);
            return outcome;
        };
    }

    /** Waits until the test lets go. */
    private final class SlowGate implements Gate, Responder {
        @Override
        public Outcome enter(Exchange x) {
            calls.add("slow");
            x.state = ExchangeState.AT_GATE;
            x.responder = this;
            return Outcome.WAITING;
        }

        void pass(Exchange x) {
            x.responder = Responder.NONE;
            x.router.onGatePassed(x);
        }

        @Override
        public void onRequestBodyReadable(Exchange x) {
            throw new AssertionError("nobody reads a body at a gate");
        }

        @Override
        public void onClientWritable(Exchange x) {
            throw new AssertionError("nothing is written at a gate");
        }

        @Override
        public void onClientGone(Exchange x) {
            calls.add("gone");
        }
    }

    @Test
    void everyGateIsEnteredInOrderBeforeTheContent() {
        RoutingHarness h = start(gate("one", Outcome.PASS), gate("two", Outcome.PASS));
        assertEquals("file /a by www ", h.get("/a").body());
        assertEquals(List.of("one", "two"), calls);
    }

    @Test
    void aGateThatAnswersEndsIt() {
        RoutingHarness h = start(gate("one", Outcome.PASS), x -> {
            Answers.status(x, 403);
            return Outcome.ANSWERED;
        }, gate("three", Outcome.PASS));
        assertEquals(403, h.get("/a").status());
        assertEquals(List.of("one"), calls);
    }

    @Test
    void aGateThatWaitedGoesOnBehindItself() {
        SlowGate slow = new SlowGate();
        RoutingHarness h = start(gate("one", Outcome.PASS), slow, gate("three", Outcome.PASS));
        Exchange x = h.client.request(REQUEST);
        h.onRequest(x);
        assertEquals(List.of("one", "slow"), calls);
        assertFalse(h.client.headSent());
        slow.pass(x);
        assertEquals("file /a by www ", h.client.finish().body());
        assertEquals(List.of("one", "slow", "three"), calls);
    }

    @Test
    void aGateHearsOfAClientThatLeaves() {
        RoutingHarness h = start(new SlowGate());
        Exchange x = h.client.request(REQUEST);
        h.onRequest(x);
        x.terminate(Termination.CLIENT_RESET);
        x.responder.onClientGone(x);
        x.end();
        assertEquals(List.of("slow", "gone"), calls);
        assertSame(Termination.CLIENT_RESET, x.termination);
    }

    @Test
    void anInternalRedirectEntersTheGatesOfItsNewLocation() {
        www.place(new Place(Match.PREFIX, "/a").noFiles().page(0, "/page", 404))
                .place(new Place(Match.PREFIX, "/page").returns(200, "page"));
        RoutingHarness h = start(gate("one", Outcome.PASS));
        assertEquals("404 page", h.get("/a").status() + " " + h.client.body());
        assertEquals(List.of("one", "one"), calls);
    }

    @Test
    void healthIsToldToEverybody() {
        RoutingHarness h = start(gate("one", Outcome.ANSWERED));
        assertEquals("ok\n", h.get("/healthz").body());
        assertEquals(List.of(), calls);
    }

    @Test
    void metricsAreBehindTheGates() {
        www.metrics = true;
        RoutingHarness h = start(gate("one", Outcome.PASS));
        assertEquals("metrics", h.get("/metrics").body());
        assertEquals(List.of("one"), calls);
    }

    @Test
    void aServerThatReturnsAsksNobodyForAPassword() {
        www.returns(301, "https://www.example.com/");
        RoutingHarness h = start(gate("one", Outcome.ANSWERED));
        assertEquals(301, h.get("/a").status());
        assertEquals(List.of(), calls);
    }
}
