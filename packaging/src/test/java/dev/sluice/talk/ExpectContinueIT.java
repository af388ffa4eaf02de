package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A client that asks first gets its 100 when the body is wanted, and an answer when it is not. */
final class ExpectContinueIT {

    @Test
    void bodyThatIsWanted() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        talk.answer(200, new String(talk.body()));
                    }
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            client.request("POST / HTTP/1.1", "Host: h", "Content-Length: 4",
                    "Expect: 100-continue");
            Response interim = client.responseHead();
            assertEquals(100, interim.status());
            assertEquals(0, interim.fields().size());
            client.send("body");
            assertEquals("body", client.response("POST").text());
            assertEquals(200, client.get("/").response().status());
        }
    }

    @Test
    void bodyThatIsNotWanted() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                return = 403 no
                """).start();
                var client = sluice.client()) {
            client.request("POST / HTTP/1.1", "Host: h", "Content-Length: 1000000",
                    "Expect: 100-continue");
            assertEquals(403, client.response("POST").status());
        }
    }

    @Test
    void interimAnswersOfThePeerAreNotTheAnswer() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
                    talk.send("HTTP/1.1 100 Continue\r\n\r\n");
                    talk.answer(200, "final");
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            client.get("/");
            Response response = client.response();
            assertEquals(103, response.status());
            assertEquals("</a.css>", response.field("Link"));
            response = client.response();
            assertEquals("final", response.text());
        }
    }

    @Test
    void oldVersionGetsNoInterimAnswer() throws Exception {
        try (var peer = ScriptedUpstream.answering("ok");
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            client.send("POST / HTTP/1.0\r\nHost: h\r\nContent-Length: 2\r\n"
                    + "Expect: 100-continue\r\n\r\nhi");
            Response response = client.response("POST");
            assertEquals(200, response.status());
            assertTrue(peer.heads().getFirst().startsWith("POST / HTTP/1.1\n"));
            assertNull(response.field("Transfer-Encoding"));
        }
    }
}
