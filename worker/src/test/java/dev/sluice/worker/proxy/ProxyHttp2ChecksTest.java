package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.worker.downstream.Http2Client;
import dev.sluice.worker.http2.FrameType;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Active checks of peers that speak HTTP/2: interval 5 s, one failure is enough. */
class ProxyHttp2ChecksTest {

    private static final String SERVING = "\0\0\0\0\2\b\1";
    private static final String NOT_SERVING = "\0\0\0\0\2\b\2";

    private final Http2Peer peer = new Http2Peer();
    private final ProxyHarness harness = new ProxyHarness();
    private final AtomicReference<String> asked = new AtomicReference<>();

    @AfterEach
    void stop() throws Exception {
        harness.assertQuiet();
        harness.stop();
        peer.close();
    }

    private void start(String check) throws Exception {
        harness.upstream("health_check", check + " jitter=0 rise=1 fall=1")
                .peer("127.0.0.1:" + peer.port()).location("proxy_http_version", "2").start();
        harness.run(harness.upstreams.checks()::start);
    }

    private String line(int count) throws Exception {
        harness.step(5_000);
        harness.until(() -> harness.logged.size() == count);
        return java.util.List.copyOf(harness.logged).get(count - 1);
    }

    private void answerCalls(String... messagesAndStates) {
        peer.script(p -> {
            for (int i = 0; i < messagesAndStates.length; i += 2) {
                Http2Client talk = p.accept();
                asked.set(talk.until("HEADERS 1") + talk.until("DATA 1"));
                talk.headers(1, 0, ":status", "200", "content-type", "application/grpc");
                talk.data(1, messagesAndStates[i], false);
                talk.headers(1, FrameType.END_STREAM, "grpc-status", messagesAndStates[i + 1]);
                talk.toTheEnd();
            }
        });
    }

    @Test
    void callsOfGrpcSayWhetherAServiceServes() throws Exception {
        answerCalls(NOT_SERVING, "0", SERVING, "0", "", "5", SERVING, "0");
        start("type=grpc service=a.B");
        assertTrue(line(1).endsWith("is down after 1 failed health checks: not serving"),
                harness.logged::toString);
        assertTrue(asked.get().startsWith(
                "HEADERS 1 [:method=POST, :scheme=http, :path=/grpc.health.v1.Health/Check,"),
                asked.get());
        assertTrue(asked.get().contains("content-type=application/grpc, te=trailers]DATA 1 "),
                asked.get());
        assertTrue(asked.get().endsWith(" \0\0\0\0\5\n\3a.B"), asked.get());
        assertTrue(line(2).contains(" is up after "), harness.logged::toString);
        assertTrue(line(3).endsWith("checks: grpc-status 5"), harness.logged::toString);
        assertTrue(line(4).contains(" is up after "), harness.logged::toString);
        peer.join();
    }

    @Test
    void requestsOfHttp2DoAsWell() throws Exception {
        peer.script(p -> {
            for (String status : new String[] {"500", "204"}) {
                Http2Client talk = p.accept();
                asked.set(talk.until("HEADERS 1"));
                talk.headers(1, FrameType.END_STREAM, ":status", status);
                talk.toTheEnd();
            }
        });
        start("/healthz");
        assertTrue(line(1).endsWith("checks: status 500"), harness.logged::toString);
        assertTrue(asked.get().startsWith(
                "HEADERS 1 END [:method=GET, :scheme=http, :path=/healthz,"), asked.get());
        assertTrue(line(2).contains(" is up after "), harness.logged::toString);
        assertEquals(2, harness.count(0, PeerCounterId.CHECKS));
        peer.join();
    }
}
