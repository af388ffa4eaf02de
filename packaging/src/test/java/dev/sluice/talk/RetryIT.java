package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Another peer is tried once, when the first cannot have acted on the request. */
final class RetryIT {

    @Test
    void idempotentRequestGoesToAnotherPeer() throws Exception {
        try (var dying = ScriptedUpstream.playing(talk -> talk.readRequest());
                var sound = ScriptedUpstream.answering("sound");
                var sluice = RunningSluice.proxyTo(dying, sound).start();
                var client = sluice.client()) {
            for (int i = 0; i < 6; i++) {
                Response response = client.get("/" + i).response();
                assertEquals("sound", response.text(), response.toString());
            }
            assertTrue(dying.requestCount() >= 1, "the dying peer was never asked");
        }
    }

    @Test
    void postThatWasSentIsNotRepeated() throws Exception {
        try (var one = ScriptedUpstream.playing(talk -> talk.readRequest());
                var other = ScriptedUpstream.playing(talk -> talk.readRequest());
                var sluice = RunningSluice.proxyTo(one, other).start();
                var client = sluice.client()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
            assertEquals(502, client.response("POST").status());
            assertEquals(1, one.requestCount() + other.requestCount());
        }
    }

    @Test
    void postThatNobodyReceivedGoesToAnotherPeer() throws Exception {
        try (var sound = ScriptedUpstream.answering("sound");
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = 127.0.0.1:@PORT:nobody@
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        """.formatted(sound.address())).start();
                var client = sluice.client()) {
            for (int i = 0; i < 4; i++) {
                client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
                assertEquals("sound", client.response("POST").text());
            }
        }
    }

    @Test
    void keptConnectionThatThePeerHasClosedIsNoError() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.answer(200, "once");
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            for (int i = 0; i < 10; i++) {
                assertEquals("once", client.get("/" + i).response().text());
            }
        }
    }
}
