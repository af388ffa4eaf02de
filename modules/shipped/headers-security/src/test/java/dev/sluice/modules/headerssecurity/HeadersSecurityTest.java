package dev.sluice.modules.headerssecurity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.module.testkit.InMemorySluice;
import dev.sluice.module.testkit.TestAnswer;
import dev.sluice.module.testkit.TestRequest;
import org.junit.jupiter.api.Test;

final class HeadersSecurityTest {

    private static InMemorySluice with(String preset) {
        return InMemorySluice.of(new HeadersSecurityModule()).set("headers_security", preset);
    }

    private static TestAnswer answer(InMemorySluice sluice, TestRequest request) throws Exception {
        try (sluice) {
            return sluice.open().send(request);
        }
    }

    @Test
    void offRegistersNothing() throws Exception {
        try (InMemorySluice sluice = with("off").open()) {
            assertFalse(sluice.hasHooks());
        }
    }

    @Test
    void basicLeavesScriptsOfASiteAlone() throws Exception {
        TestAnswer answer = answer(with("basic"), TestRequest.get("/"));
        assertEquals("nosniff", answer.header("X-Content-Type-Options"));
        assertEquals("SAMEORIGIN", answer.header("X-Frame-Options"));
        assertNull(answer.header("Content-Security-Policy"));
    }

    @Test
    void keysReplaceWhatThePresetSays() throws Exception {
        TestAnswer answer = answer(with("strict").set("headers_security_csp", "default-src x")
                .set("headers_security_frame", "off"), TestRequest.get("/"));
        assertEquals("default-src x", answer.header("Content-Security-Policy"));
        assertNull(answer.header("X-Frame-Options"));
    }

    @Test
    void whatThePeerSaysStaysUnlessItIsOverridden() throws Exception {
        assertEquals("own", answer(with("api").peer(request ->
                TestAnswer.of(200, "").with("Content-Security-Policy", "own")),
                TestRequest.get("/")).header("content-security-policy"));
        assertEquals("default-src 'none'; frame-ancestors 'none'", answer(with("api")
                .set("headers_security_override", "on").peer(request ->
                TestAnswer.of(200, "").with("Content-Security-Policy", "own")),
                TestRequest.get("/")).header("content-security-policy"));
    }

    @Test
    void hstsIsSaidOverTlsOnly() throws Exception {
        assertNull(answer(with("basic").set("headers_security_hsts", "365d"),
                TestRequest.get("/")).header("Strict-Transport-Security"));
        assertEquals("max-age=31536000", answer(with("basic").set("headers_security_hsts", "365d"),
                TestRequest.get("/").overTls()).header("Strict-Transport-Security"));
    }

    @Test
    void telltaleFieldsOfThePeerAreLeftOut() throws Exception {
        assertNull(answer(with("basic").peer(request ->
                TestAnswer.of(200, "").with("X-Powered-By", "PHP")), TestRequest.get("/"))
                .header("X-Powered-By"));
        assertEquals("PHP", answer(with("basic").set("headers_security_hide", "off")
                .peer(request -> TestAnswer.of(200, "").with("X-Powered-By", "PHP")),
                TestRequest.get("/")).header("X-Powered-By"));
    }
}
