package dev.sluice.worker.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A location that decides about another one's requests. */
class SubRequestCheckTest {

    @TempDir
    private Path directory;

    private AccessHarness a;

    private void start(String text) {
        a = new AccessHarness(directory, text);
        a.h.ctx.loop.start();
    }

    /** Runs the task and what its turn of the loop does after it. */
    private void onLoop(Runnable task) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        a.h.ctx.loop.execute(() -> {
            try {
                task.run();
                a.h.ctx.loop.onTurn(ns -> done.complete(null));
            } catch (RuntimeException | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        done.get(10, TimeUnit.SECONDS);
    }

    private String get(String target) throws Exception {
        return send("GET " + target + " HTTP/1.1\nHost: a");
    }

    private String send(String request) throws Exception {
        onLoop(() -> a.h.onRequest(a.h.client.request(request)));
        onLoop(() -> a.h.client.finish());
        return a.h.client.status() + " " + a.h.client.body();
    }

    @Test
    void whatTheOtherLocationSaysIsDone() throws Exception {
        start("""
                [location www /in]
                auth_request = /yes
                return = 200 "welcome"
                [location www /out]
                auth_request = /no
                [location www /who]
                auth_request = /ask
                [location www /broken]
                auth_request = /missing
                [location www /bad]
                auth_request = /%zz
                [location www /yes]
                return = 204
                [location www /no]
                return = 403
                [location www /ask]
                return = 401
                """);
        assertEquals("200 welcome", get("/in"));
        assertTrue(get("/out").startsWith("403 "));
        assertTrue(a.h.errors.getLast().startsWith("info: access forbidden by auth_request"));
        assertTrue(get("/who").startsWith("401 "));
        assertNull(a.h.client.header("www-authenticate"));
        assertTrue(get("/broken").startsWith("500 "));
        assertTrue(a.h.errors.getLast().startsWith(
                "error: auth_request was answered with status 404 while waiting to be admitted"));
        assertTrue(get("/bad").startsWith("500 "));
        assertEquals("200 welcome", get("/in"));
    }

    @Test
    void itIsAGetWithoutBodyAndWithTheFieldsOfTheRequest() throws Exception {
        start("""
                access_log = stderr seen
                [log_format seen]
                format = "$request_method $uri $status"
                [location www /in]
                auth_request = /check/$http_x_key?for=$request_uri
                auth_request_set = $who "$uri $args $upstream_status"
                return = 200 "$who $request_method"
                [location www /check/open]
                return = 204
                """);
        assertEquals("200 /check/open for=/in?a=b  POST", send(
                "POST /in?a=b HTTP/1.1\nHost: a\nContent-Length: 5\nX-Key: open"));
        assertEquals(1, a.h.accessLines.size());
    }

    @Test
    void noLocationAsksItself() throws Exception {
        start("auth_request = /auth\n[location www /auth]\nreturn = 204\n[location www /]\n");
        assertEquals("200 file /x by www /", get("/x"));
    }

    @Test
    void anAnswerForAClientThatHasGoneIsDropped() throws Exception {
        start("auth_request = /auth\n[location www /auth]\nreturn = 204\n");
        onLoop(() -> {
            a.h.onRequest(a.h.client.request("GET /x HTTP/1.1\nHost: a"));
            assertFalse(a.h.client.headSent());
            a.h.client.hangUp();
        });
        assertEquals("200 file /x by www ", get("/x"));
    }

    @Test
    void anyOfAddressAndAnswerSuffices() throws Exception {
        start("satisfy = any\nallow = 10.0.0.0/8\nauth_request = /auth\n"
                + "[location www /auth]\nreturn = 403\n");
        assertTrue(get("/x").startsWith("403 "));
        a.h.client.remoteAddress = "10.0.0.1";
        assertEquals("200 file /x by www ", get("/x"));
    }
}
