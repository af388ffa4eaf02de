package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A peer that dies is a 502 before its head is complete; afterwards the response is cut. */
final class UpstreamDeathIT {

    @Test
    void refusesTheConnection() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /]
                proxy_pass = http://127.0.0.1:@PORT:nobody@
                """).start();
                var client = sluice.client()) {
            assertEquals(502, client.get("/").response().status());
            assertEquals(502, client.get("/").response().status());
        }
    }

    @Test
    void closesBeforeTheHead() throws Exception {
        expect502(talk -> talk.readRequest());
    }

    @Test
    void resetsBeforeTheHead() throws Exception {
        expect502(talk -> {
            talk.readRequest();
            talk.reset();
        });
    }

    @Test
    void closesInTheHead() throws Exception {
        expect502(talk -> {
            talk.readRequest();
            talk.send("HTTP/1.1 200 OK\r\nContent-Le");
        });
    }

    @Test
    void answersWithWhatIsNotHttp() throws Exception {
        expect502(talk -> {
            talk.readRequest();
            talk.send("SSH-2.0-OpenSSH_9.2\r\n\r\n");
            talk.waitForEnd();
        });
    }

    private static void expect502(ScriptedUpstream.Script script) throws Exception {
        try (var peer = ScriptedUpstream.playing(script);
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            Response response = client.get("/").response();
            assertEquals(502, response.status());
            assertFalse(response.closes(), "the client's connection is not to blame");
            sluice.awaitErrorLog("upstream");
        }
    }

    @Test
    void cutBodyByContentLengthIsNotPassedOffAsWhole() throws Exception {
        String seen = afterHead("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
        assertTrue(seen.contains("Content-Length: 100\r\n"), seen);
        assertTrue(seen.endsWith("only this"), seen);
    }

    @Test
    void cutChunksAreNotPassedOffAsWhole() throws Exception {
        String seen = afterHead(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n");
        assertTrue(seen.contains("only this"), seen);
        assertFalse(seen.contains("0\r\n\r\n"), seen);
    }

    private static String afterHead(String partOfResponse) throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.send(partOfResponse);
                });
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        [log_format why]
                        format = $status $termination
                        """.formatted(peer.address())).accessLogFormat("why").start();
                var client = sluice.client()) {
            String seen = client.get("/").readUntilClosed();
            assertEquals("200 upstream_cut_body", sluice.awaitAccessLog(1).getFirst());
            return seen;
        }
    }
}
