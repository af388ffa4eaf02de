package dev.sluice.worker.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.CorsRules;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.RecordingStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Questions of browsers before a request of another origin. */
class PreflightTest {

    private static final String PREFLIGHT = "OPTIONS /api HTTP/1.1\nHost: a\n"
            + "Access-Control-Request-Method: PUT\nOrigin: ";

    /** A gate that lets nobody in stands behind the one of the rules. */
    private static RoutingHarness site(String... keys) {
        return new RoutingHarness(ConfigText.of("[upstream app]", "server = 127.0.0.1:9",
                "[server www]", "listen = 80", "[location www /]", "proxy_pass = http://app",
                String.join("\n", keys)), PreflightTest::gates);
    }

    private static Gate[] gates(LocationConfig location) {
        Gate cors = CorsRules.of(location);
        return cors == null ? new Gate[] {PreflightTest::refuse}
                : new Gate[] {cors, PreflightTest::refuse};
    }

    private static Gate.Outcome refuse(Exchange x) {
        Answers.status(x, 401);
        return Gate.Outcome.ANSWERED;
    }

    @Test
    void isAnsweredBeforeAnybodyIsAskedForAPassword() {
        RecordingStream answer = site("cors_allow_origin = https://a.example",
                "cors_allow_methods = GET PUT", "cors_allow_headers = Authorization X-A",
                "cors_allow_credentials = on", "cors_max_age = 1h")
                .send(PREFLIGHT + "https://a.example");
        assertEquals(204, answer.status());
        assertEquals(List.of("Access-Control-Allow-Methods: GET, PUT",
                "Access-Control-Allow-Headers: Authorization, X-A",
                "Access-Control-Max-Age: 3600",
                "Access-Control-Allow-Origin: https://a.example",
                "Access-Control-Allow-Credentials: true",
                "Vary: Origin"), answer.headLines());
    }

    @Test
    void ofAnotherOriginGetsNoPermission() {
        RecordingStream answer = site("cors_allow_origin = https://a.example")
                .send(PREFLIGHT + "https://evil.example");
        assertEquals(204, answer.status());
        assertEquals(List.of("Vary: Origin"), answer.headLines());
    }

    @Test
    void otherRequestsComeToTheNextGateAndTheirRefusalCanBeRead() {
        String origin = "Origin: https://a.example";
        RoutingHarness h = site("cors_allow_origin = https://a.example");
        RecordingStream get = h.send("GET /api HTTP/1.1\nHost: a\n" + origin);
        assertEquals(401, get.status());
        assertEquals("https://a.example", get.header("access-control-allow-origin"));
        assertEquals(401, h.send("OPTIONS /api HTTP/1.1\nHost: a\n" + origin).status());
        assertEquals(401, h.send("PUT /api HTTP/1.1\nHost: a\n" + origin
                + "\nAccess-Control-Request-Method: PUT").status());
        assertEquals(401, h.send("OPTIONS /api HTTP/1.1\nHost: a\n"
                + "Access-Control-Request-Method: PUT").status());
    }

    @Test
    void doesNotNeedOptionsAmongTheMethods() {
        RecordingStream answer = site("methods = PUT", "cors_allow_origin = *")
                .send(PREFLIGHT + "https://any.example");
        assertEquals(204, answer.status());
        assertEquals("*", answer.header("access-control-allow-origin"));
        assertNull(answer.header("vary"));
    }

    @Test
    void withoutRulesIsNoneOfOurBusiness() {
        assertEquals(401, site("").send(PREFLIGHT + "https://a.example").status());
        assertEquals(401, site("cors_allow_origin = off")
                .send(PREFLIGHT + "https://a.example").status());
    }
}
