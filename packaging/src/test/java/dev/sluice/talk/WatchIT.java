package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.identity.MadeCertificate;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An operator sees what is open, and what passes, without secrets. */
final class WatchIT {

    private static ShortCommand conns(RunningSluice sluice, String... words) throws Exception {
        var all = new ArrayList<>(
                List.of("conns", "-c", sluice.configuration().toString()));
        all.addAll(List.of(words));
        return ShortCommand.run(all.toArray(String[]::new));
    }

    private static void awaitConnection(RunningSluice sluice, String state, RawClient client) {
        Await.that(state, () ->
                conns(sluice, state).output().contains("127.0.0.1:" + client.localPort()));
    }

    @Test
    void connectionsAndTheirStates() throws Exception {
        var arrived = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        try (var peer = ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                arrived.countDown();
                talk.waitFor(answer);
                talk.answer(200, "late");
            }
        }); var sluice = RunningSluice.proxyTo(peer).workers(2).start();
                var idle = sluice.client(); var reading = sluice.client();
                var waiting = sluice.client()) {
            assertEquals(200, idle.get("/healthz").response().status());
            reading.send("GET /half HTTP/1.1\r\n");
            waiting.get("/slow?a=1&token=hush");
            assertTrue(arrived.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
            awaitConnection(sluice, "state=idle", idle);
            awaitConnection(sluice, "state=reading", reading);
            awaitConnection(sluice, "state=waiting", waiting);
            conns(sluice, "state=waiting").expect(0, "waiting",
                    "127.0.0.1:" + waiting.localPort(), "s /", peer.address(),
                    "GET /slow?a=1&token=***");
            ShortCommand json = conns(sluice, "--json", "state=idle", "client=127.0.0.0/8");
            json.expect(0, "{\"matching\":", "\"state\":\"idle\"",
                    "\"client\":\"127.0.0.1:" + idle.localPort() + "\"");
            conns(sluice, "colour=red").expect(64, "\"colour=red\" is none of state=");
            answer.countDown();
            assertEquals("late", waiting.response().text());
        }
    }

    @Test
    void whatIsNoRequestYetAndDatagrams() throws Exception {
        MadeCertificate made = Certificates.ofServer("s.test");
        try (var peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                var asking = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                var sluice = RunningSluice.with("""
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        listen = 127.0.0.1:@PORT:auto@ auto
                        listen = 127.0.0.1:@PORT:tls@ ssl
                        listen = 127.0.0.1:@PORT:proxy@ proxy_protocol
                        ssl_certificate = @DIR@/s.crt
                        ssl_certificate_key = @DIR@/s.key
                        set_real_ip_from = 127.0.0.1
                        return = 200 hello
                        [stream datagrams]
                        listen = 127.0.0.1:@PORT:udp@ udp
                        proxy_pass = 127.0.0.1:%d
                        """.formatted(peer.getLocalPort())).certificate(made).start();
                var auto = RawClient.connect(sluice.port("auto"));
                var tls = RawClient.connect(sluice.port("tls"));
                var proxy = RawClient.connect(sluice.port("proxy"))) {
            asking.send(new DatagramPacket(new byte[] {1, 2, 3}, 3,
                    InetAddress.getLoopbackAddress(), sluice.port("udp")));
            peer.receive(new DatagramPacket(new byte[9], 9));
            awaitConnection(sluice, "state=opening", auto);
            awaitConnection(sluice, "state=opening-tls", tls);
            awaitConnection(sluice, "state=opening-proxy", proxy);
            conns(sluice, "--json", "server=datagrams").expect(0, "\"state\":\"udp\"",
                    "\"client\":\"127.0.0.1:" + asking.getLocalPort() + "\"",
                    "127.0.0.1:" + peer.getLocalPort());
        }
    }

    @Test
    void requestsAsTheyPass() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
            while (talk.readRequest()) {
                talk.send("HTTP/1.1 200 OK\r\nSet-Cookie: id=hush\r\nContent-Length: 2\r\n\r\nok");
            }
        }); var sluice = RunningSluice.proxyTo(peer).start(); var client = sluice.client()) {
            Process tap = new ProcessBuilder(RunningSluice.command("tap", "-c",
                    sluice.configuration().toString(), "--count", "1", "path=/seen"))
                    .redirectErrorStream(true).start();
            tap.getOutputStream().close();
            var lines = new StringBuilder();
            // Until it looks on, requests pass unseen.
            Await.that("the end of the tap", () -> {
                try {
                    client.request("GET /other HTTP/1.1", "Host: a").response();
                    client.request("GET /seen/x?key=hush&q=2 HTTP/1.1", "Host: a",
                            "Authorization: Basic hush", "X-Trace: 7").response();
                } catch (Exception failed) {
                    throw new AssertionError(failed);
                }
                return !tap.isAlive();
            });
            try (var out = new BufferedReader(new InputStreamReader(tap.getInputStream(),
                    StandardCharsets.UTF_8))) {
                out.lines().forEach(line -> lines.append(line).append('\n'));
            }
            String shown = lines.toString();
            assertEquals(0, tap.exitValue(), shown);
            new ShortCommand(0, shown).expect(0, "worker0/gen1 ", " 200 ",
                    "s done 127.0.0.1:" + client.localPort() + " server=s location=/ upstream="
                            + peer.address(), "\"GET /seen/x?key=***&q=2\"", "  > Host: a",
                    "  > Authorization: ***", "  > X-Trace: 7", "  < Set-Cookie: ***");
            assertFalse(shown.contains("hush"), shown);
            assertFalse(shown.contains("/other"), shown);
        }
    }

    @Test
    void stepsOfOneClientOnly() throws Exception {
        try (var peer = ScriptedUpstream.answering("ok"); var sluice = RunningSluice.with("""
                [events]
                debug_connection = 192.0.2.0/25
                [server s]
                listen = 127.0.0.1:@PORT@
                set_real_ip_from = 127.0.0.1
                real_ip_header = X-Forwarded-For
                [location s /]
                proxy_pass = http://@PEER@
                """.replace("@PEER@", peer.address())).start(); var client = sluice.client()) {
            client.request("GET /other HTTP/1.1", "Host: a", "X-Forwarded-For: 192.0.2.200")
                    .response();
            client.request("GET /seen?token=hush HTTP/1.1", "Host: a",
                    "X-Forwarded-For: 192.0.2.7").response();
            sluice.awaitErrorLog("exchange ended: done, status 200");
            List<String> lines = sluice.errorLog().lines()
                    .filter(line -> line.contains("[debug]")).toList();
            String all = String.join("\n", lines);
            new ShortCommand(0, all).expect(0, "request received", "location chosen",
                    "content begins", "peer chosen, attempt 1", "request sent",
                    "peer answered 200", "exchange ended");
            assertTrue(lines.stream().allMatch(line -> line.contains("client: 192.0.2.7:")), all);
            assertTrue(all.contains("\"GET /seen?token=***\""), all);
        }
    }
}
