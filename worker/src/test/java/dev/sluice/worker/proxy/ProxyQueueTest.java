package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.zones.PeerTable;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.worker.exchange.ExchangeState;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens while all peers are at their max_conns, in this worker and in others. */
class ProxyQueueTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET / HTTP/1.1\nHost: a";

    private final ScriptedPeer peer = new ScriptedPeer();
    private final ProxyHarness harness = new ProxyHarness();
    private final CountDownLatch answer = new CountDownLatch(1);

    @AfterEach
    void stop() throws Exception {
        assertEquals(0, queued());
        harness.assertQuiet();
        harness.stop();
        peer.close();
    }

    private long queued() throws Exception {
        return harness.onLoop(() -> harness.counters.get(CounterId.UPSTREAM_QUEUED));
    }

    /** One place; the first answer waits for the latch. */
    private ScriptedClient fill(String queue) throws Exception {
        harness.upstream("queue", queue);
        peer.script(p -> {
            p.accept();
            p.readHead();
            await(answer);
            p.send(OK);
            while (!p.readHead().isEmpty()) {
                p.send(OK);
            }
        });
        harness.peer("127.0.0.1", peer.port(), 1, false).start();
        ScriptedClient first = harness.send(harness.client(), GET);
        harness.until(() -> first.exchange.state == ExchangeState.READING_RESPONSE_HEAD);
        return first;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void firstComeFirstServed() throws Exception {
        ScriptedClient first = fill("2");
        ScriptedClient second = harness.send(harness.client(), GET);
        ScriptedClient third = harness.send(harness.client(), GET);
        assertEquals(ExchangeState.QUEUED, second.exchange.state);
        assertEquals(2, queued());
        long[] places = new long[2];
        long[] ended = new long[1];
        harness.run(() -> {
            second.whenDone = () -> places[0] = ++ended[0];
            third.whenDone = () -> places[1] = ++ended[0];
        });
        answer.countDown();
        for (ScriptedClient one : List.of(first, second, third)) {
            assertEquals("ok", harness.await(one).bodyText());
        }
        assertEquals(1, places[0]);
        assertEquals(2, places[1]);
        assertEquals(1, harness.count(0, PeerCounterId.CONNECTS));
    }

    @Test
    void fullQueueRefusesAtOnce() throws Exception {
        ScriptedClient first = fill("1");
        ScriptedClient second = harness.send(harness.client(), GET);
        ScriptedClient third = harness.exchange(GET);
        assertEquals(503, third.exchange.status);
        assertEquals(Termination.UPSTREAM_QUEUE_FULL, third.exchange.termination);
        assertEquals(Termination.UPSTREAM_QUEUE_FULL, third.exchange.upstreamError);
        assertEquals(1, third.exchange.retryAfterS);
        answer.countDown();
        harness.await(first);
        assertEquals("ok", harness.await(second).bodyText());
    }

    @Test
    void waitEndsAfterItsTime() throws Exception {
        ScriptedClient first = fill("5");
        ScriptedClient second = harness.send(harness.client(), GET);
        harness.step(4_990);
        assertEquals(1, queued());
        harness.step(20);
        assertEquals(503, harness.await(second).exchange.status);
        assertEquals(Termination.UPSTREAM_QUEUE_TIMEOUT, second.exchange.termination);
        answer.countDown();
        harness.await(first);
    }

    @Test
    void clientThatLeavesLeavesTheQueue() throws Exception {
        ScriptedClient first = fill("1");
        ScriptedClient second = harness.send(harness.client(), GET);
        harness.run(second::hangUp);
        assertEquals(0, queued());
        ScriptedClient third = harness.send(harness.client(), GET);
        answer.countDown();
        harness.await(first);
        assertEquals("ok", harness.await(third).bodyText());
    }

    @Test
    void withoutAQueueItIsNoneUsable() throws Exception {
        ScriptedClient first = fill("off");
        ScriptedClient second = harness.exchange(GET);
        assertEquals(503, second.exchange.status);
        assertEquals(Termination.UPSTREAM_NONE_USABLE, second.exchange.termination);
        assertEquals(1, second.exchange.retryAfterS);
        answer.countDown();
        harness.await(first);
    }

    /** Another worker has the place and gives it up: no event tells of that here. */
    @Test
    void placeOfAnotherWorkerIsNoticed() throws Exception {
        harness.upstream("queue", "5 timeout=60s");
        harness.peer("127.0.0.1", peer.port(), 1, false);
        peer.script(p -> p.serve(OK));
        harness.zone = ZoneFile.inMemory(PeerTable.spec(harness.config()));
        PeerTable table = new PeerTable(harness.zone);
        table.prepare(harness.config(), List.of());
        int row = table.find(PeerTable.key("app", "127.0.0.1:" + peer.port()));
        table.useLane(1);
        table.setCount(row, 1, 1);
        harness.start();
        ScriptedClient waiting = harness.send(harness.client(), GET);
        assertEquals(1, queued());
        table.setCount(row, 1, 0);
        assertEquals("ok", harness.await(waiting).bodyText());
        assertTrue(waiting.exchange.upstreamTries == 1);
    }
}
