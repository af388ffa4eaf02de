package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module of somebody else, with bodies, a variable and a counter, on the distribution. */
final class OutsideModuleIT {

    private static final String SOURCE = """
            package outside;

            import dev.sluice.module.*;
            import java.nio.charset.StandardCharsets;

            public final class Shout implements SluiceModule {
                @Override
                public ModuleInstance open(ModuleContext context) {
                    ModuleCounter pieces = context.counter("pieces");
                    context.variable("shout_tenant", x -> x.header("X-Tenant"));
                    return (route, hooks) -> {
                        if (!route.settings().has("shout")) {
                            return;
                        }
                        switch (route.settings().text("shout")) {
                            case "answers" -> hooks.responseBody((x, piece, last, out) -> {
                                pieces.add(1);
                                out.write(upper(piece));
                            });
                            case "requests" -> hooks.requestBody((x, piece, last, out) ->
                                    out.write(upper(piece)));
                            default -> hooks.requestBody(100_000, (x, body, out) -> {
                                if (body.remaining() % 2 == 1) {
                                    return Verdict.respond(422);
                                }
                                out.write(upper(body));
                                return Verdict.NEXT;
                            });
                        }
                    };
                }

                private static byte[] upper(java.nio.ByteBuffer piece) {
                    byte[] bytes = new byte[piece.remaining()];
                    piece.get(bytes);
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] = (byte) Character.toUpperCase((char) bytes[i]);
                    }
                    return bytes;
                }
            }
            """;
    private static final String KEYS = """
            [shout]
            type = word
            words = answers requests whole
            sections = location
            doc = What is made loud.
            """;

    @TempDir
    Path folder;

    @Test
    void bodiesPassThroughAModuleOnTheWayInAndOut() throws Exception {
        byte[] jar = OutsideModule.jar(folder, "shout", SOURCE, KEYS,
                "Sluice-Module-Variables", "shout_tenant", "Sluice-Module-Counters", "pieces");
        String big = "abcdefgh".repeat(100_000);
        try (var peer = ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                talk.answer(200, "got " + new String(talk.body()));
            }
        });
                var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                metrics = on
                [location s /out/]
                shout = answers
                proxy_pass = http://%1$s
                add_header = X-Tenant $shout_tenant
                [location s /file/]
                shout = answers
                root = @DIR@
                [location s /in/]
                shout = requests
                proxy_pass = http://%1$s
                [location s /whole/]
                shout = whole
                proxy_pass = http://%1$s
                """.formatted(peer.address())).main("modules = @DIR@/modules.d\n")
                .file("modules.d/shout.jar", jar).file("file/big.txt", big).start();
                var client = sluice.client()) {
            Response out = client.request("GET /out/ HTTP/1.1", "Host: s", "X-Tenant: north")
                    .response();
            assertEquals("GOT ", out.text());
            assertEquals("north", out.field("X-Tenant"));
            assertEquals(big.toUpperCase(Locale.ROOT),
                    client.get("/file/big.txt").response().text());
            String body = "piece of text ".repeat(10_000);
            client.send("POST /in/ HTTP/1.1\r\nHost: s\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);
            assertEquals("got " + body.toUpperCase(Locale.ROOT), client.response().text());
            client.send("POST /whole/ HTTP/1.1\r\nHost: s\r\nContent-Length: 3\r\n\r\nodd");
            assertEquals(422, client.response().status());
            client.send("POST /whole/ HTTP/1.1\r\nHost: s\r\nContent-Length: 4\r\n\r\neven");
            assertEquals("got EVEN", client.response().text());
            assertTrue(peer.heads().getLast().contains("Content-Length: 4"),
                    peer.heads()::toString);
            client.send("POST /whole/ HTTP/1.1\r\nHost: s\r\nContent-Length: 100001\r\n\r\n"
                    + "x".repeat(100_001));
            assertEquals(413, client.response().status());
            try (var other = sluice.client()) {
                String metrics = other.get("/metrics").response().text();
                assertTrue(metrics.contains("sluice_module_calls_total{module=\"shout\","
                        + "phase=\"response_body\"}"), metrics);
                assertTrue(metrics.contains("sluice_module_counter_total{counter=\"pieces\","
                        + "module=\"shout\"}"), metrics);
            }
        }
    }
}
