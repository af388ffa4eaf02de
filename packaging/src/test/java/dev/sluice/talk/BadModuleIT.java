package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module that does everything wrong, on the distribution: the others do not notice. */
final class BadModuleIT {

    private static final String SOURCE = """
            package outside;

            import dev.sluice.module.*;
            import java.time.Duration;
            import java.util.concurrent.*;

            public final class Bad implements SluiceModule {
                private static HttpExchange kept;
                private static CompletableFuture<RequestHook> later;

                private static RuntimeException no() {
                    return new IllegalStateException("no luck");
                }

                @Override
                public ModuleInstance open(ModuleContext context) {
                    context.variable("bad_value", x -> {
                        throw no();
                    });
                    context.balancer("bad_choice", (upstream, peers, key) -> {
                        throw no();
                    });
                    String listen = context.settings().text("closed");
                    context.onConnect(connection -> {
                        if (connection.listen().equals(listen)) {
                            throw no();
                        }
                        return true;
                    });
                    return new Instance(context.log());
                }

                private record Instance(ModuleLog log) implements ModuleInstance {
                    @Override
                    public void install(Route route, Hooks hooks) {
                        if (!route.settings().has("bad")) {
                            return;
                        }
                        String does = route.settings().text("bad");
                        if (!does.equals("post_read") || route.ofServer()) {
                            Bad.install(does, hooks, log);
                        }
                    }

                    @Override
                    public void start() {
                        // Is never ended, and would keep a JVM alive.
                        new Thread(() -> {
                            while (true) {
                                java.util.concurrent.locks.LockSupport.park();
                            }
                        }, "leaked").start();
                    }

                    @Override
                    public void close() {
                        throw no();
                    }
                }

                private static void install(String does, Hooks hooks, ModuleLog log) {
                    switch (does) {
                        case "post_read", "preaccess", "authorize", "access", "content" ->
                                hooks.on(
                                Phase.valueOf(does.toUpperCase(java.util.Locale.ROOT)), x -> {
                                    throw no();
                                });
                        case "response" -> hooks.onResponse((x, head) -> {
                            head.remove("Content-Type");
                            throw no();
                        });
                        case "upstream_request" -> hooks.onUpstreamRequest((x, head) -> {
                            head.set("X-Half", "1");
                            throw no();
                        });
                        case "upstream_response" -> hooks.onUpstreamResponse((x, head) -> {
                            head.remove("X-Peer");
                            throw no();
                        });
                        case "request_body" -> hooks.requestBody((x, piece, last, out) -> {
                            throw no();
                        });
                        case "request_whole" -> hooks.requestBody(100, (x, body, out) -> {
                            throw no();
                        });
                        case "peek" -> hooks.on(Phase.ACCESS, x -> Verdict.peek(9, (y, b, all) -> {
                            throw no();
                        }));
                        case "response_whole" -> hooks.responseBody(100, (x, body, out) -> {
                            throw no();
                        });
                        case "log" -> hooks.onLog(x -> {
                            throw no();
                        });
                        case "body" -> hooks.responseBody((x, piece, last, out) -> {
                            throw no();
                        });
                        case "body_end" -> hooks.responseBody((x, piece, last, out) -> {
                            if (last) {
                                throw no();
                            }
                            out.write(piece);
                        });
                        case "error" -> hooks.onError((x, status) -> {
                            throw no();
                        });
                        case "sleeps" -> hooks.blocking(Phase.ACCESS, copy -> {
                            new CountDownLatch(1).await();
                            return Verdict.NEXT;
                        });
                        case "spins" -> hooks.on(Phase.ACCESS, x -> {
                            long end = System.nanoTime() + 300_000_000L;
                            while (System.nanoTime() < end) {
                                Thread.onSpinWait();
                            }
                            return Verdict.NEXT;
                        });
                        case "keeps" -> hooks.on(Phase.ACCESS, x -> {
                            if (kept != null) {
                                return Verdict.respond(200, "text/plain", kept.path());
                            }
                            kept = x;
                            return Verdict.NEXT;
                        });
                        case "twice" -> hooks.on(Phase.ACCESS, x -> {
                            CompletableFuture<RequestHook> stage = new CompletableFuture<>();
                            Thread.startVirtualThread(() -> {
                                stage.complete(y -> Verdict.respond(200, "text/plain", "one"));
                                stage.obtrudeValue(y -> Verdict.respond(200, "text/plain", "two"));
                            });
                            return Verdict.suspend(stage, Duration.ofSeconds(10));
                        });
                        case "waits" -> hooks.on(Phase.ACCESS, x -> {
                            later = new CompletableFuture<>();
                            log.info("waits from now on");
                            return Verdict.suspend(later, Duration.ofMinutes(1));
                        });
                        case "completes" -> hooks.on(Phase.ACCESS, x -> {
                            later.complete(y -> Verdict.respond(200, "text/plain", y.path()));
                            return Verdict.NEXT;
                        });
                        default -> throw new IllegalArgumentException(does);
                    }
                }
            }
            """;
    private static final String KEYS = """
            [bad]
            type = text
            sections = server location
            doc = What goes wrong.

            [closed]
            type = text
            sections = module
            doc = The address whose connections fail.
            """;
    /** Those whose locations have a peer. */
    private static final String[] PROXIED = {"upstream_request", "upstream_response",
        "request_body", "request_whole", "response_whole", "peek"};
    private static final String[] KINDS = {"preaccess", "authorize", "access", "content",
        "response", "log", "body", "body_end", "error", "sleeps", "spins", "keeps", "twice",
        "waits", "completes"};

    @TempDir
    Path folder;

    private RunningSluice sluice;
    private ScriptedUpstream peer;

    @BeforeEach
    void start() throws Exception {
        peer = ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                talk.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Peer: 1\r\n\r\nfine");
            }
        });
        StringBuilder text = new StringBuilder("""
                [module bad]
                timeout = 200ms
                on_error = unavailable
                closed = 127.0.0.1:@PORT:closed@
                [upstream app]
                server = %s
                [upstream chosen]
                server = %<s
                balance = module bad_choice
                [server early]
                listen = 127.0.0.1:@PORT:early@
                bad = post_read
                return = 200 fine
                [server closed]
                listen = 127.0.0.1:@PORT:closed@
                return = 200 fine
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /variable]
                return = 200 "<$bad_value>"
                [location s /chosen]
                proxy_pass = http://chosen
                """.formatted(peer.address()));
        for (String kind : PROXIED) {
            text.append("[location s /").append(kind).append("]\nbad = ").append(kind)
                    .append("\nproxy_pass = http://app\n");
        }
        for (String kind : KINDS) {
            text.append("[location s /").append(kind).append("]\nbad = ").append(kind)
                    .append(kind.equals("error") ? "\nreturn = 404\n" : "\nreturn = 200 fine\n");
        }
        sluice = RunningSluice.with(text.toString()).main("modules = @DIR@/bad.jar\n")
                .file("bad.jar", OutsideModule.jar(folder, "bad", SOURCE, KEYS,
                        "Sluice-Module-Variables", "bad_value",
                        "Sluice-Module-Balancers", "bad_choice")).start();
    }

    @AfterEach
    void stop() throws Exception {
        sluice.close();
        peer.close();
    }

    private int status(String path) throws IOException {
        try (var client = sluice.client()) {
            return client.get(path).response().status();
        }
    }

    @Test
    void whatThrowsCostsItsOwnRequestAtMost() throws Exception {
        for (String phase : new String[] {"preaccess", "authorize", "access", "content", "body",
            "sleeps"}) {
            assertEquals(503, status("/" + phase), phase);
        }
        try (var client = sluice.client()) {
            Response whole = client.get("/response").response();
            assertNotNull(whole.field("Content-Type"));
            assertEquals("fine", whole.text());
        }
        assertEquals(200, status("/log"));
        assertEquals(404, status("/error"));
        try (var client = sluice.client()) {
            String cut = client.get("/body_end").readUntilClosed();
            assertTrue(!cut.endsWith("0\r\n\r\n"), cut);
        }
        sluice.awaitErrorLog("module bad (response_body) has failed");
        sluice.awaitErrorLog("module bad (log) has failed");
    }

    @Test
    void whatThrowsBesideTheWayOfARequestIsBoundedToo() throws Exception {
        assertEquals(200, status("/upstream_request"));
        assertTrue(!peer.heads().getFirst().contains("X-Half"), peer.heads()::toString);
        try (var client = sluice.client()) {
            Response passed = client.get("/upstream_response").response();
            assertEquals("1", passed.field("X-Peer"));
            assertEquals("<>", client.get("/variable").response().text());
            assertEquals("fine", client.get("/chosen").response().text());
        }
        // Bodies: nothing has been sent yet, so there is an answer.
        for (String path : new String[] {"/request_body", "/request_whole", "/peek"}) {
            try (var client = sluice.client()) {
                assertEquals(503, client.request("POST " + path + " HTTP/1.1", "Host: h",
                        "Content-Length: 4").send("body").response().status(), path);
            }
        }
        assertEquals(503, status("/response_whole"));
        for (String phase : new String[] {"variable", "balancer", "upstream_request",
            "upstream_response", "request_body", "response_body"}) {
            sluice.awaitErrorLog("module bad (" + phase + ") has failed");
        }
    }

    @Test
    void whatThrowsBeforeThereIsALocationIsAnsweredOrClosed() throws Exception {
        try (var client = RawClient.connect(sluice.port("early"))) {
            assertEquals(503, client.get("/").response().status());
        }
        try (var client = RawClient.connect(sluice.port("closed"))) {
            assertEquals("", client.get("/").readUntilClosed());
        }
        sluice.awaitErrorLog("module bad (post_read) has failed");
        sluice.awaitErrorLog("module bad (connect) has failed");
    }

    @Test
    void whatSpinsKeepsAnswersTwiceOrTooLateIsFoundOut() throws Exception {
        assertEquals(200, status("/spins"));
        sluice.awaitErrorLog("module bad (access) holds up the worker");
        sluice.awaitErrorLog("outside.Bad");
        assertEquals(200, status("/keeps"));
        assertEquals(503, status("/keeps"));
        sluice.awaitErrorLog("an exchange is used outside of the hook it was lent to");
        try (var client = sluice.client()) {
            String answer = client.get("/twice").response().text();
            assertTrue(answer.equals("one") || answer.equals("two"), answer);
            assertEquals("fine", client.get("/log").response().text());
        }
        try (var gone = sluice.client()) {
            gone.get("/waits");
            sluice.awaitErrorLog("waits from now on");
        }
        assertEquals(200, status("/completes"));
        assertEquals(200, status("/log"));
    }
}
