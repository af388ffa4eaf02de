package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A head that waits for hooks: the client is answered even if its peer breaks off meanwhile. */
final class HeldHeadIT {

    private static final String SOURCE = """
            package outside;

            import dev.sluice.module.*;

            public final class Waits implements SluiceModule {
                @Override
                public ModuleInstance open(ModuleContext context) {
                    return (route, hooks) -> {
                        if (!route.ofServer() && route.settings().has("waits")) {
                            hooks.responseBody(1 << 20, (x, body, out) -> out.write("hook"
                                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
                        }
                    };
                }
            }
            """;
    private static final String KEYS = """
            [waits]
            type = text
            sections = location
            doc = The head waits for the whole body.
            """;

    @TempDir
    Path folder;

    private static void breakOff(UpstreamTalk talk) throws IOException {
        if (talk.readRequest()) {
            talk.send("HTTP/1.1 200 OK\r\nX-Peer: yes\r\nContent-Length: 9\r\n\r\nhalf");
            if (talk.target().endsWith("silent")) {
                talk.waitForEnd();
            }
        }
    }

    @Test
    void thePeerBreaksOff() throws Exception {
        try (var peer = ScriptedUpstream.playing(HeldHeadIT::breakOff);
                var sluice = RunningSluice.with("""
                        [log_format why]
                        format = $request_uri $status $upstream_error
                        [cache pages]
                        path = @DIR@/pages
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        root = @DIR@/www
                        [location s /cut]
                        waits = yes
                        proxy_pass = http://%s
                        [location s /silent]
                        waits = yes
                        proxy_read_timeout = 200ms
                        proxy_pass = http://%<s
                        [location s /page]
                        waits = yes
                        error_page = 502 /50x.html
                        gzip = on
                        proxy_pass = http://%<s
                        [location s /stored]
                        waits = yes
                        proxy_cache = pages
                        proxy_cache_valid = 200 1h
                        proxy_pass = http://%<s
                        """.formatted(peer.address())).file("www/50x.html", "come back")
                        .main("modules = @DIR@/waits.jar\n")
                        .file("waits.jar", OutsideModule.jar(folder, "waits", SOURCE, KEYS))
                        .accessLogFormat("why").start();
                var client = sluice.client()) {
            Response cut = client.get("/cut").response();
            assertEquals(502, cut.status());
            assertEquals(null, cut.field("X-Peer"));
            assertEquals(504, client.get("/silent").response().status());
            Response page = client.get("/page").response();
            assertEquals(List.of(502, "come back"), List.of(page.status(), page.text()));
            assertEquals(502, client.get("/stored").response().status());
            sluice.awaitErrorLog("upstream ended its response body too early");
            assertEquals(List.of("/cut 502 upstream_cut_body", "/silent 504 upstream_read_timeout",
                    "/page 502 upstream_cut_body", "/stored 502 upstream_cut_body"),
                    sluice.awaitAccessLog(4));
        }
    }
}
