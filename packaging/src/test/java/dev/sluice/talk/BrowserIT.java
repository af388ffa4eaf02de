package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.identity.MadeCertificate;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A browser's own HTTP/2: files in parallel, a form's POST, a WebSocket, a page that it leaves. */
final class BrowserIT {

    private static final int SCRIPTS = 12;
    private static final int BYTES = 1_000_000;

    private static String page() {
        var page = new StringBuilder("""
                <!DOCTYPE html><html><head><link rel=icon href="data:,"><title>t</title>
                <script>
                let ran = 0;
                const protocols = () => [...new Set(performance.getEntriesByType("navigation")
                    .concat(performance.getEntriesByType("resource"))
                    .map(entry => entry.nextHopProtocol))].join();
                const sum = bytes => bytes.reduce((a, b) => (a * 31 + b) % 65521, 7);
                const fetched = async (path, options) => {
                    const answer = await fetch(path, options);
                    return new Uint8Array(await answer.arrayBuffer());
                };
                const echo = count => new Promise((done, failed) => {
                    const socket = new WebSocket("wss://" + location.host + "/chat");
                    let heard = 0;
                    socket.binaryType = "arraybuffer";
                    socket.onopen = () => {
                        for (let i = 0; i < count; i++) {
                            socket.send(new Uint8Array(100_000).fill(i));
                        }
                    };
                    socket.onmessage = message => {
                        const bytes = new Uint8Array(message.data);
                        heard += bytes.length == 100_000 && bytes[99_999] == heard ? 1 : NaN;
                        if (heard == count) socket.send("close 4005");
                    };
                    socket.onclose = end => done(heard + " " + end.code + " " + end.reason);
                    socket.onerror = failed;
                });
                </script>
                """);
        for (int i = 0; i < SCRIPTS; i++) {
            page.append("<script src=\"/script-").append(i).append(".js\"></script>\n");
        }
        return page + "</head><body></body></html>";
    }

    /** As many bytes as it has got, twice. */
    private static void twice(UpstreamTalk talk) throws IOException {
        while (talk.readRequest()) {
            talk.send("HTTP/1.1 200 OK\r\nContent-Length: " + 2 * talk.body().length + "\r\n\r\n");
            talk.send(talk.body());
            talk.send(talk.body());
        }
    }

    private static int sum(byte[] bytes) {
        int sum = 7;
        for (byte b : bytes) {
            sum = (sum * 31 + (b & 0xff)) % 65521;
        }
        return sum;
    }

    private static RunningSluice start(ScriptedUpstream app, EchoSocketServer chat, byte[] file)
            throws Exception {
        MadeCertificate made = Certificates.ofServer("localhost");
        var sluice = RunningSluice.with("""
                [upstream app]
                server = %s
                [upstream chat]
                server = %s
                [server s]
                listen = 127.0.0.1:@PORT@
                listen = 127.0.0.1:@PORT:tls@ ssl
                ssl_certificate = @DIR@/s.crt
                ssl_certificate_key = @DIR@/s.key
                http2 = on
                root = @DIR@/www
                [location s /app/]
                proxy_pass = http://app
                [location s /chat]
                proxy_pass = http://chat
                """.formatted(app.address(), chat.address()))
                .certificate(made)
                .file("www/index.html", page()).file("www/file.bin", file);
        for (int i = 0; i < SCRIPTS; i++) {
            // The last ones need more than one frame each.
            sluice.file("www/script-" + i + ".js", "ran++;//" + " ".repeat(i * 5000));
        }
        return sluice.start();
    }

    @Test
    void filesPostsAndSocketsOverHttp2() throws Exception {
        byte[] file = new byte[BYTES];
        new Random(5).nextBytes(file);
        try (var app = ScriptedUpstream.playing(BrowserIT::twice);
                var chat = EchoSocketServer.open(); var sluice = start(app, chat, file);
                var browser = Browser.open()) {
            browser.go("https://127.0.0.1:" + sluice.port("tls") + "/");
            assertEquals(SCRIPTS, Integer.parseInt(browser.value("ran")));
            assertEquals("" + sum(file), browser.value("fetched('/file.bin').then(sum)"));
            assertEquals("1400000 true", browser.value("""
                    fetched("/app/post", {method: "POST", body: new Uint8Array(700_000).fill(9)})
                        .then(bytes => bytes.length + " " + bytes.every(b => b == 9))"""));
            assertEquals("20 4005 as you say", browser.value("echo(20)"));
            assertEquals("404", browser.value("fetch('/none').then(answer => answer.status)"));
            assertEquals("AbortError", browser.value("""
                    (async () => {
                        const stop = new AbortController();
                        const answer = await fetch("/file.bin?again", {signal: stop.signal});
                        stop.abort();
                        return answer.arrayBuffer().then(() => "whole", failure => failure.name);
                    })()"""));
            assertEquals("h2", browser.value("protocols()"));
            List<String> lines = sluice.awaitAccessLog(SCRIPTS + 6);
            assertTrue(lines.stream().allMatch(line -> line.contains(" HTTP/2.0\" ")), "" + lines);
            List<String> complaints = browser.complaints();
            assertTrue(complaints.size() == 1 && complaints.getFirst().contains("404"),
                    "" + complaints);
        }
    }
}
