package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Tunnels of WebSocket by either version of HTTP: both sides are asked, and a reload passes by. */
final class TunnelIT {

    private static final String SERVER = """
            [server s]
            listen = 127.0.0.1:@PORT@
            http2 = on
            proxy_tunnel_ping = 30s
            [location s /]
            proxy_pass = http://%s
            """;

    /** Switches, sends back what it gets, and says a last word. */
    private static void echo(UpstreamTalk talk) throws IOException {
        talk.readHead();
        talk.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Accept: "
                + answerTo(talk.field("Sec-WebSocket-Key")) + "\r\n\r\n");
        byte[] piece = new byte[1024];
        for (int n = talk.in().read(piece); n >= 0; n = talk.in().read(piece)) {
            talk.out().write(piece, 0, n);
        }
        talk.send("end");
    }

    /** RFC 6455 section 4.2.2. */
    private static String answerTo(String key) throws IOException {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(
                    (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(
                            StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IOException(impossible);
        }
    }

    /** Whether the kernel keeps a timer of keepalive that is due in 30 s (proc_net_tcp, "tr"). */
    private static boolean isAsked(int remotePort) throws IOException {
        String remote = ":%04X 01 ".formatted(remotePort);
        return Files.readAllLines(Path.of("/proc/net/tcp")).stream().anyMatch(line ->
                line.contains(remote) && line.matches(".* 02:00000[0-9A-B]..  *.*"));
    }

    private static void awaitPings(RawClient client, ScriptedUpstream peer) {
        Await.that("both sides are asked",
                () -> isAsked(client.localPort()) && isAsked(peer.port()));
    }

    private static void open(RawHttp2 client) throws IOException {
        client.headers(1, false, ":method", "CONNECT", ":protocol", "websocket", ":scheme",
                "http", ":authority", "localhost", ":path", "/live",
                "sec-websocket-version", "13");
        RawHttp2.Frame head = client.until(RawHttp2.HEADERS);
        assertTrue(head.hex().contains("88"), head.hex());
        assertFalse(head.ends());
    }

    private static String data(RawHttp2 client, int bytes) throws IOException {
        return new String(client.data(1, bytes), StandardCharsets.US_ASCII);
    }

    @Test
    void bothSidesAreAskedWhetherTheyLive() throws Exception {
        try (var peer = ScriptedUpstream.playing(TunnelIT::echo);
                var sluice = RunningSluice.with(SERVER.formatted(peer.address())).start();
                var client = sluice.client()) {
            client.request("GET /live HTTP/1.1", "Host: localhost", "Connection: Upgrade",
                    "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
            assertEquals(101, client.responseHead().status());
            awaitPings(client, peer);
        }
    }

    @Test
    void bothSidesOfATunnelOfHttp2AreAsked() throws Exception {
        try (var peer = ScriptedUpstream.playing(TunnelIT::echo);
                var sluice = RunningSluice.with(SERVER.formatted(peer.address())).start();
                var socket = sluice.client(); var client = RawHttp2.over(socket)) {
            open(client);
            awaitPings(socket, peer);
        }
    }

    @Test
    void aTunnelOfHttp2OutlivesAReload() throws Exception {
        try (var peer = ScriptedUpstream.playing(TunnelIT::echo);
                var sluice = RunningSluice.with(SERVER.formatted(peer.address()))
                        .main("worker_shutdown_timeout = 30s").start();
                var client = RawHttp2.over(sluice.client())) {
            open(client);
            sluice.writeConfiguration("""
                    [server s]
                    listen = 127.0.0.1:@PORT@
                    return = 200 new
                    """);
            sluice.signal("HUP");
            sluice.awaitErrorLog("generation 2 serves");
            client.send(RawHttp2.DATA, 0, 1, "still".getBytes(StandardCharsets.US_ASCII));
            assertEquals("still", data(client, 5));
            client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[0]);
            assertEquals("end", data(client, 3));
            sluice.awaitErrorLog("has drained");
        }
    }
}
