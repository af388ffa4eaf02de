package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Peers do whatever peers can do, many at once: each way has a status and an {@code
 * $upstream_error} of its own, and the worker serves others all the time. What takes long, and each
 * way by itself: ProxyChaosTest and ProxyGarbageTest.
 */
final class UpstreamChaosIT {

    private static final int ROUNDS = 4;

    /** What is logged of a request for each. */
    private static final Map<String, String> ENDS = new TreeMap<>(Map.ofEntries(
            Map.entry("/refuses", "502 upstream_refused"),
            Map.entry("/hangs", "504 upstream_read_timeout"),
            Map.entry("/trickles", "504 upstream_head_timeout"),
            Map.entry("/resets", "502 upstream_reset_before_head"),
            Map.entry("/closes", "502 upstream_closed_before_head"),
            Map.entry("/garbage", "502 upstream_bad_head"),
            Map.entry("/interims", "502 upstream_endless_interims"),
            Map.entry("/giant", "502 upstream_head_too_large"),
            Map.entry("/cuts", "200 upstream_cut_body"),
            Map.entry("/chunks", "200 upstream_bad_body")));

    private static void misbehave(UpstreamTalk talk) throws Exception {
        talk.readRequest();
        switch (talk.target()) {
            case "/hangs" -> talk.waitForEnd();
            case "/trickles" -> {
                talk.send("HTTP/1.1 200 OK\r\nServer: slo");
                talk.waitForEnd();
            }
            case "/resets" -> talk.reset();
            case "/garbage" -> endless(talk, "\0\1SSH-2.0-OpenSSH_9.2\r\n");
            case "/interims" -> endless(talk, "HTTP/1.1 102 Processing\r\n\r\n");
            case "/giant" -> {
                talk.send("HTTP/1.1 200 OK\r\nA: ");
                endless(talk, "x".repeat(1000));
            }
            case "/cuts" -> talk.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
            case "/chunks" -> {
                talk.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
                talk.waitForEnd();
            }
            default -> talk.closeOutput();
        }
    }

    /** Until the proxy has had enough. */
    private static void endless(UpstreamTalk talk, String piece) throws Exception {
        for (int i = 0; i < 100_000; i++) {
            talk.send(piece);
        }
    }

    @Test
    void eachEndsInItsOwnWayAndOthersAreServed() throws Exception {
        try (var bad = ScriptedUpstream.playing(UpstreamChaosIT::misbehave);
                var good = ScriptedUpstream.answering("fine");
                var sluice = RunningSluice.with("""
                        [upstream bad]
                        server = %s max_fails=0
                        retry = off
                        [upstream good]
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://bad
                        proxy_read_timeout = 500ms
                        [location s /refuses]
                        proxy_pass = http://127.0.0.1:@PORT:nobody@
                        proxy_next_upstream = off
                        [location s /good]
                        access_log = off
                        proxy_pass = http://good
                        [log_format why]
                        format = $uri $status $upstream_error
                        """.formatted(bad.address(), good.address()))
                        .accessLogFormat("why").start()) {
            List<Long> workers = sluice.workerPids();
            List<String> expected = new ArrayList<>();
            try (var load = new Load(sluice.port(), "/good", 2, 50)) {
                List<Thread> clients = new ArrayList<>();
                for (int i = 0; i < ROUNDS; i++) {
                    ENDS.forEach((path, end) -> {
                        expected.add(path + " " + end);
                        clients.add(Thread.ofPlatform().start(() -> ask(sluice, path)));
                    });
                }
                for (Thread client : clients) {
                    client.join();
                }
                load.awaitAnswers(20);
                assertEquals(List.of(), load.failures());
            }
            expected.sort(null);
            assertEquals(expected,
                    sluice.awaitAccessLog(expected.size()).stream().sorted().toList());
            assertEquals(workers, sluice.workerPids());
        }
    }

    private static void ask(RunningSluice sluice, String path) {
        try (var client = sluice.client()) {
            client.request("GET " + path + " HTTP/1.1", "Host: a", "Connection: close")
                    .readUntilClosed();
        } catch (Exception failed) {
            throw new AssertionError(path, failed);
        }
    }
}
