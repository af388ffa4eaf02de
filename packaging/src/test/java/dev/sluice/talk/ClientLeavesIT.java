package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.identity.MadeCertificate;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A client that closes its connection in the ordinary way (FIN) holds nothing any more. */
final class ClientLeavesIT {

    private static final String PASS = """
            %s
            [server s]
            listen = 127.0.0.1:@PORT@
            [location s /]
            proxy_pass = http://%s
            %s
            """;

    private final CountDownLatch word = new CountDownLatch(1);

    /** Says nothing to a request for {@code /slow}, until its connection ends or it may. */
    private void play(UpstreamTalk talk) throws Exception {
        while (talk.readRequest()) {
            if (talk.target().equals("/slow")) {
                talk.waitFor(word);
            }
            talk.answer(200, "done");
        }
    }

    private static void awaitLogged(RunningSluice sluice, String target, int count) {
        Await.that(count + " requests ended by their clients", () -> sluice.accessLog().stream()
                .filter(line -> line.contains("\"GET " + target + " HTTP/1.1\" 499 0 "))
                .count() == count);
    }

    @Test
    void itsPlaceUnderALimitIsFree() throws Exception {
        try (var peer = ScriptedUpstream.playing(this::play);
                var sluice = RunningSluice.with(PASS.formatted("[limit two]\nconnections = 2",
                        peer.address(), "limit = two")).start()) {
            for (int i = 1; i <= 2; i++) {
                try (var client = sluice.client()) {
                    client.get("/slow");
                    int sent = i;
                    Await.that("a request at the peer", () -> peer.requestCount() == sent);
                }
            }
            awaitLogged(sluice, "/slow", 2);
            try (var client = sluice.client()) {
                assertEquals(200, client.get("/quick").response().status());
            }
            word.countDown();
        }
    }

    @Test
    void itsPlaceInTheQueueIsFreeAndThePeerNeverHearsOfIt() throws Exception {
        try (var peer = ScriptedUpstream.playing(this::play);
                var sluice = RunningSluice.with(PASS.formatted("[upstream app]\nserver = "
                        + peer.address() + " max_conns=1\nqueue = 2 timeout=1m", "app", ""))
                        .start();
                var first = sluice.client()) {
            first.get("/slow");
            Await.that("a request at the peer", () -> peer.requestCount() == 1);
            for (int i = 0; i < 2; i++) {
                try (var client = sluice.client()) {
                    client.get("/dead");
                }
            }
            awaitLogged(sluice, "/dead", 2);
            try (var second = sluice.client()) {
                second.get("/quick");
                word.countDown();
                assertEquals("done", second.response().text());
            }
            assertEquals("done", first.response().text());
            assertEquals(2, peer.requestCount());
        }
    }

    @Test
    void whatItAskedAnotherLocationForIsGivenUp() throws Exception {
        var asked = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    asked.countDown();
                    talk.waitForEnd();
                    ended.countDown();
                });
                var sluice = RunningSluice.with("""
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        auth_request = /check
                        return = 200 "in"
                        [location s /check]
                        internal = on
                        proxy_pass = http://%s
                        """.formatted(peer.address())).start()) {
            try (var client = sluice.client()) {
                client.get("/");
                asked.await();
            }
            awaitLogged(sluice, "/", 1);
            ended.await();
        }
    }

    @Test
    void soDoesOneWithTls() throws Exception {
        MadeCertificate made = Certificates.ofServer("s.test");
        var ended = new CountDownLatch(1);
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.waitForEnd();
                    ended.countDown();
                });
                var sluice = RunningSluice.with(PASS.formatted("", peer.address(), "")
                        .replace("@PORT@", "@PORT@\nlisten = 127.0.0.1:@PORT:tls@ ssl\n"
                                + "ssl_certificate = @DIR@/s.crt\n"
                                + "ssl_certificate_key = @DIR@/s.key"))
                        .certificate(made).start()) {
            try (var client = new SecureClient(made).connect(sluice.port("tls"), "s.test")) {
                client.get("/slow");
                Await.that("a request at the peer", () -> peer.requestCount() == 1);
            }
            awaitLogged(sluice, "/slow", 1);
            ended.await();
        }
    }

    /** What is fetched for a cache goes on as soon as there is an answer to be stored. */
    @Test
    void whatACacheBringsGoesOn() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n"
                            + "Content-Length: 8\r\n\r\nhalf");
                    talk.waitFor(word);
                    talk.send("rest");
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.with(PASS.formatted("[cache c]\npath = @DIR@/cache",
                        peer.address(), "proxy_cache = c")).start();
                var reader = sluice.client()) {
            try (var client = sluice.client()) {
                client.get("/");
                assertEquals(200, client.responseHead().status());
            }
            Await.that("the end of the first request", () -> sluice.accessLog().size() == 1);
            word.countDown();
            assertEquals("halfrest", reader.get("/").response().text());
            assertEquals(1, peer.requestCount());
            assertTrue(sluice.errorLog().indexOf("[error]") < 0, sluice.errorLog());
        }
    }
}
