package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.cache.rules.Heads;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What answers say of the cache (RFC 9211 §2). */
final class Rfc9211Test {

    private static final String GET = "GET /a HTTP/1.1\nHost: www\n";
    private static final String FRESH = "Cache-Control: max-age=60";

    @TempDir Path folder;
    private CacheStage stage;

    private void stage(String... lines) throws Exception {
        stage = new CacheStage(folder, "max_size = 100m", lines);
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    private String said(String request, String... answer) throws Exception {
        RecordingStream client = stage.ask(request);
        if (!stage.asked.isEmpty()) {
            stage.answer(200, "body", answer);
        }
        return stage.finish(client).header("cache-status");
    }

    private void later() throws Exception {
        laterMs(61_000);
    }

    private void laterMs(long ms) throws Exception {
        stage.on(() -> {
            stage.clock.stepMs(ms);
            stage.ctx.clock.update();
            return null;
        });
    }

    @Test
    void section2Point1Hits() throws Exception {
        stage();
        assertEquals("sluice; fwd=uri-miss; stored", said(GET, FRESH));
        assertEquals("sluice; hit; ttl=60", said(GET));
        later();
        assertEquals("sluice; hit; ttl=-1", said(GET + "Cache-Control: max-stale=9\n"));
    }

    @Test
    void section2Point2WhyItWasForwarded() throws Exception {
        stage("proxy_cache_bypass = $arg_new");
        assertEquals("sluice; fwd=uri-miss; detail=no-store",
                said(GET, "Cache-Control: no-store"));
        String other = GET.replace("/a", "/b");
        assertEquals("sluice; fwd=uri-miss; stored", said(other, FRESH));
        assertEquals("sluice; fwd=request; stored",
                said(other + "Cache-Control: no-cache\n", FRESH));
        later();
        assertEquals("sluice; fwd=stale; stored", said(other, FRESH));
        assertEquals("sluice; fwd=bypass; stored", said(GET.replace("/a", "/c?new=1"), FRESH));
    }

    @Test
    void section2Point2AnAnswerToOthersByVary() throws Exception {
        stage();
        assertEquals("sluice; fwd=uri-miss; stored", said(GET + "X-A: 1\n", FRESH, "Vary: X-A"));
        assertEquals("sluice; fwd=vary-miss; stored",
                said(GET + "X-A: 2\n", FRESH, "Vary: X-A"));
        assertEquals("sluice; hit; ttl=60", said(GET + "X-A: 1\n"));
    }

    @Test
    void section2Point2MethodsThatAreNotStored() throws Exception {
        stage("proxy_cache_methods = GET");
        assertEquals("sluice; fwd=method",
                said(GET.replace("GET", "POST") + "Content-Length: 0\n", FRESH));
        assertEquals("sluice; fwd=bypass", said(GET.replace("GET", "HEAD"), FRESH));
        assertEquals("sluice; fwd=method", said(GET.replace("GET", "OPTIONS")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"If-Match: \"a\" | request; detail=precondition",
        "If-Unmodified-Since: Fri, 27 Nov 2026 00:00:00 GMT | request; detail=precondition",
        "Cache-Control: no-store | request", "Upgrade: websocket | bypass"})
    void section2Point2RequestsThatAreNotForTheCache(String field, String why) throws Exception {
        stage();
        assertEquals("sluice; fwd=uri-miss; stored", said(GET, FRESH));
        assertEquals("sluice; fwd=" + why,
                said(GET + "Connection: Upgrade\n" + field + "\n", FRESH));
        assertEquals("sluice; hit; ttl=60", said(GET));
    }

    @Test
    void section2WhatAnotherLocationSaidIsForgottenHere() throws Exception {
        stage();
        said(GET, FRESH);
        RecordingStream client = new RecordingStream(stage.ctx, null);
        stage.on(() -> {
            Exchange x = client.request(GET);
            x.pastCache = Forward.BYPASS.told(Aside.NOTHING);
            stage.handle(x);
            return null;
        });
        assertEquals("sluice; hit; ttl=60", stage.finish(client).header("cache-status"));
    }

    @Test
    void section2Point2WhatIsKnownNotToBeStoredKeepsItsReason() throws Exception {
        stage("proxy_no_cache = $arg_new");
        String request = GET.replace("/a", "/a?new=1");
        assertEquals("sluice; fwd=uri-miss; detail=no-cache", said(request, FRESH));
        said(GET.replace("/a", "/b"), "Set-Cookie: a=b");
        assertEquals("sluice; fwd=uri-miss", said(GET.replace("/a", "/b"), "Set-Cookie: a=b"));
    }

    /** Why it was not stored (section 2.8): without it, only the peer's fields would tell. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"Cache-Control: private | private",
        "Set-Cookie: a=b | set-cookie", "X-Nothing: said | no-lifetime", "Vary: * | vary",
        "Cache-Control: no-store | no-store"})
    void section2Point8WhatKeepsItFromBeingStored(String field, String detail)
            throws Exception {
        stage();
        assertEquals("sluice; fwd=uri-miss; detail=" + detail, said(GET, field));
    }

    @Test
    void section2Point3AConfirmation() throws Exception {
        stage();
        said(GET, "Cache-Control: max-age=0", "ETag: \"a\"");
        RecordingStream client = stage.ask(GET);
        stage.answer(304, "", FRESH);
        assertEquals("sluice; fwd=stale; fwd-status=304; stored",
                stage.finish(client).header("cache-status"));
    }

    @Test
    void section2Point6Collapsed() throws Exception {
        stage();
        RecordingStream first = stage.ask(GET);
        RecordingStream second = stage.ask(GET);
        stage.answer(200, "body", FRESH);
        assertEquals("sluice; fwd=uri-miss; stored", stage.finish(first).header("cache-status"));
        assertEquals("sluice; fwd=uri-miss; collapsed",
                stage.finish(second).header("cache-status"));
        later();
        first = stage.ask(GET);
        second = stage.ask(GET);
        stage.answer(200, "body", FRESH);
        assertEquals("sluice; fwd=stale; stored", stage.finish(first).header("cache-status"));
        assertEquals("sluice; fwd=stale; collapsed",
                stage.finish(second).header("cache-status"));
    }

    @Test
    void section2Point5AStaleOneHasATtlBelowZero() throws Exception {
        stage();
        said(GET, "Cache-Control: max-age=0, stale-while-revalidate=60");
        assertEquals("sluice; hit; ttl=-1", said(GET));
        stage.asked.clear();
        String other = GET.replace("/a", "/b");
        said(other, "Cache-Control: max-age=60, stale-while-revalidate=60");
        laterMs(59_500);
        assertEquals("sluice; hit; ttl=1", said(other));
        laterMs(500);
        assertEquals("sluice; hit; ttl=-1", said(other));
    }

    @Test
    void section2NothingIsSaidInWhatIsMadeHere() throws Exception {
        stage();
        RecordingStream client = stage.ask(GET + "Cache-Control: only-if-cached\n");
        assertNull(stage.finish(client).header("cache-status"));
        assertEquals(504, client.status());
    }

    @Test
    void whatIsNotAskedForOftenEnough() throws Exception {
        stage("proxy_cache_min_uses = 2");
        assertEquals("sluice; fwd=uri-miss; detail=min-uses", said(GET, FRESH));
        assertEquals("sluice; fwd=uri-miss; stored", said(GET, FRESH));
    }

    @Test
    void whoWaitedForAnAnswerThatBreaks() throws Exception {
        stage();
        RecordingStream first = stage.ask(GET);
        RecordingStream second = stage.ask(GET);
        Exchange x = stage.asked.removeLast();
        stage.on(() -> {
            x.client.peerAnswers(200, Heads.of("Cache-Control: no-store"));
            x.client.beginHead(200);
            x.client.abort(Termination.UPSTREAM_CUT_BODY);
            return null;
        });
        stage.finish(first);
        assertNull(stage.finish(second).header("cache-status"));
        assertEquals(502, second.status());
    }

    @Test
    void whatTheDiskDoesNotTake() throws Exception {
        stage();
        stage.on(() -> {
            stage.cache.trouble.failed("it is full");
            return null;
        });
        assertEquals("sluice; fwd=uri-miss; detail=disk", said(GET, FRESH));
        assertEquals("sluice; fwd=uri-miss; stored", said(GET.replace("/a", "/b"), FRESH));
    }

    @Test
    void aSliceOfAPeerThatNamesNoValidator() throws Exception {
        stage("slice = 64k");
        RecordingStream client = stage.ask(GET);
        stage.answerHead(stage.asked.removeLast(), 206, 4, FRESH, "Content-Length: 4",
                "Content-Range: bytes 0-3/4");
        stage.settle();
        stage.answer(200, "body", FRESH);
        assertEquals("sluice; fwd=uri-miss; detail=slice",
                stage.finish(client).header("cache-status"));
    }

    @Test
    void itCanBeLeftOut() throws Exception {
        stage("proxy_cache_status = off");
        assertNull(said(GET, FRESH));
        assertNull(said(GET));
        assertNull(said(GET.replace("GET", "OPTIONS")));
    }
}
