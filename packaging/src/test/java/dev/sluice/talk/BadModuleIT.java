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
                    return (route, hooks) -> {
                        if (route.settings().has("bad")) {
                            install(route.settings().text("bad"), hooks, context.log());
                        }
                    };
                }

                private static void install(String does, Hooks hooks, ModuleLog log) {
                    switch (does) {
                        case "preaccess", "access", "content" -> hooks.on(
                                Phase.valueOf(does.toUpperCase(java.util.Locale.ROOT)), x -> {
                                    throw no();
                                });
                        case "response" -> hooks.onResponse((x, head) -> {
                            head.remove("Content-Type");
                            throw no();
                        });
                        case "log" -> hooks.onLog(x -> {
                            throw no();
                        });
                        case "body" -> hooks.responseBody((x, piece, last, out) -> {
                            throw no();
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
            sections = location
            doc = What goes wrong.
            """;
    private static final String[] KINDS = {"preaccess", "access", "content", "response", "log",
        "body", "error", "sleeps", "spins", "keeps", "twice", "waits", "completes"};

    @TempDir
    Path folder;

    private RunningSluice sluice;

    @BeforeEach
    void start() throws Exception {
        StringBuilder text = new StringBuilder("""
                [module bad]
                timeout = 200ms
                on_error = unavailable
                [server s]
                listen = 127.0.0.1:@PORT@
                """);
        for (String kind : KINDS) {
            text.append("[location s /").append(kind).append("]\nbad = ").append(kind)
                    .append(kind.equals("error") ? "\nreturn = 404\n" : "\nreturn = 200 fine\n");
        }
        sluice = RunningSluice.with(text.toString()).main("modules = @DIR@/bad.jar\n")
                .file("bad.jar", OutsideModule.jar(folder, "bad", SOURCE, KEYS)).start();
    }

    @AfterEach
    void stop() throws Exception {
        sluice.close();
    }

    private int status(String path) throws IOException {
        try (var client = sluice.client()) {
            return client.get(path).response().status();
        }
    }

    @Test
    void whatThrowsCostsItsOwnRequestAtMost() throws Exception {
        for (String phase : new String[] {"preaccess", "access", "content", "sleeps"}) {
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
            String cut = client.get("/body").readUntilClosed();
            assertTrue(!cut.contains("fine"), cut);
        }
        sluice.awaitErrorLog("module bad (response_body) has failed");
        sluice.awaitErrorLog("module bad (log) has failed");
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
