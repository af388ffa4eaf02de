package dev.sluice.worker.variables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sluice.common.config.LogFormatConfig;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.route.Sites;
import org.junit.jupiter.api.Test;

class LogFormatTest {

    private static final String REQUEST = "GET /a?\"q\\ HTTP/1.1\nHost: a\n";

    private static String line(String format, String text, String escape, String request) {
        Sites sites = new Sites();
        sites.format("mine", text, escape);
        Sites.Site www = sites.site("www").listen(80, false);
        www.fallback.log("/log", format);
        RoutingHarness h = new RoutingHarness(sites.add(www).config());
        h.client.request(request).bodyBytesSent = 5;
        h.onRequest(h.client.exchange);
        h.client.finish();
        return h.accessLines.getLast();
    }

    @Test
    void combinedIsNginxsByteForByte() {
        String request = "GET /x?\u00e9 HTTP/1.1\nHost: a\nUser-Agent: curl \"7\"\nReferer: \\\n"
                + "Authorization: Basic dTpw";
        String expected = "192.0.2.7 - u [20/Nov/2026:18:00:00 +0000] \"GET /x?\\xE9 HTTP/1.1\" 200"
                + " 5 \"\\x5C\" \"curl \\x227\\x22\"";
        assertEquals(expected, line("combined", "", "default", request));
    }

    @Test
    void combinedPrintsDashesForWhatIsAbsent() {
        assertEquals("192.0.2.7 - - [20/Nov/2026:18:00:00 +0000] \"GET / HTTP/1.1\" 200 5"
                + " \"-\" \"\"",
                line("combined", "", "default", "GET / HTTP/1.1\nHost: a\nUser-Agent:"));
    }

    @Test
    void theSpecialCodeWritesWhatTheFormatSays() {
        WorkerScope scope = WorkerScope.ofThisProcess();
        assertInstanceOf(CombinedFormat.class, LogFormat.compile(
                new LogFormatConfig("x", LogFormat.COMBINED, "default"), scope));
        String request = REQUEST + "User-Agent: a\nUser-Agent: b\u0080\nAuthorization: x";
        String general = line("mine", LogFormat.COMBINED + "$1", "default", request);
        assertEquals(general, line("combined", "x", "default", request) + "-");
    }

    @Test
    void jsonEscapesValuesAndLeavesOutWhatIsAbsent() {
        assertEquals("{\"rq\":\"GET /a?\\\"q\\\\ HTTP/1.1\",\"ref\":\"\",\"st\":200}",
                line("mine", "{\"rq\":\"$request\",\"ref\":\"$http_referer\",\"st\":$status}",
                        "json", REQUEST));
    }

    @Test
    void noneEscapesNothing() {
        assertEquals("GET /a?\"q\\ HTTP/1.1||",
                line("mine", "$request|$http_referer|", "none", REQUEST));
    }
}
