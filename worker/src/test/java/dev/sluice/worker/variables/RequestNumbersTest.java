package dev.sluice.worker.variables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.SteadyAllocation;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The number of a request and its trace: brought along, or made here. */
class RequestNumbersTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String VALID = "00-" + TRACE + "-" + PARENT + "-01";

    private static RoutingHarness site(String keys, String text) {
        return new RoutingHarness(ConfigText.of("[server www]", "listen = 80",
                "set_real_ip_from = 10.0.0.0/8", keys, "return = 200 '" + text + "'"));
    }

    private static String answer(String keys, String text, String fields) {
        return site(keys, text).send("GET / HTTP/1.1\nHost: a\n" + fields).body();
    }

    private static String traceparent(String keys, String fields) {
        return answer(keys, "$traceparent", fields);
    }

    private static String id(String keys, String fields) {
        return answer(keys, "$request_id", fields);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "4bf92f35-77b3", "Root=1-67891233-abcdef012345678912345678",
        "user@host:1/2+3~4_5"})
    void aNumberIsTakenFromAnybodyWhereThatIsAllowed(String value) {
        assertEquals(value, id("request_id_header = X-Request-ID any", "X-Request-ID: " + value));
        assertEquals(value, id("request_id_header = X-Own any", "x-own: " + value));
        assertEquals(value + " " + value, answer("request_id_header = X-Own any",
                "$request_id $request_id", "x-own: " + value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "a\\\\b", "a,b", "a;b", "<a>", "\u00e9", "a\tb"})
    void whatCouldMeanSomethingIsNone(String value) {
        assertTrue(id("request_id_header = X-Request-ID any", "X-Request-ID: " + value)
                .matches("[0-9a-f]{32}"));
    }

    @Test
    void norIsWhatIsTooLongOrThereTwice() {
        String keys = "request_id_header = X-Request-ID any";
        String longest = "a".repeat(128);
        assertEquals(longest, id(keys, "X-Request-ID: " + longest));
        assertNotEquals(longest + "a", id(keys, "X-Request-ID: " + longest + "a"));
        assertNotEquals("a", id(keys, "X-Request-ID: a\nX-Request-ID: a"));
        assertNotEquals("a", id("request_id_header = X-Own any", "X-Own: a\nX-Own: a"));
    }

    @Test
    void onlyTrustedProxiesAreBelievedOtherwise() {
        assertNotEquals("a", id("request_id_header = X-Request-ID", "X-Request-ID: a"));
        assertNotEquals("a", id("", "X-Request-ID: a"));
        RoutingHarness h = site("request_id_header = X-Request-ID", "$request_id");
        h.client.remoteAddress = "10.0.0.1";
        assertEquals("a", h.send("GET / HTTP/1.1\nHost: a\nX-Request-ID: a").body());
    }

    @Test
    void aValidTraceGoesOnWithAParentOfOurOwn() {
        String made = answer("traceparent = on", "$traceparent $trace_id $span_id $tracestate",
                "Traceparent: " + VALID + "\nTracestate: a=1,b=2\ntracestate: c=3");
        String span = made.substring(36, 52);
        assertEquals("00-" + TRACE + "-" + span + "-01 " + TRACE + " " + span + " a=1,b=2,c=3",
                made);
        assertTrue(span.matches("[0-9a-f]{16}"), span);
        assertNotEquals(PARENT, span);
    }

    /** Flags that version 00 does not know are not passed on, nor is what a later one adds. */
    @ParameterizedTest
    @CsvSource({"00, 00-T-P-00", "02, 00-T-P-02", "03, 00-T-P-ff", "01, cc-T-P-01",
        "01, cc-T-P-09-what-comes-later"})
    void flags(String expected, String value) {
        String made = traceparent("traceparent = on",
                "Traceparent: " + value.replace("T", TRACE).replace("P", PARENT));
        assertEquals("00-" + TRACE, made.substring(0, 35));
        assertEquals("-" + expected, made.substring(52));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "00-T-P", "00-T-P-0", "00-T-P-01-", "00-T-P-01-x", "ff-T-P-01",
        "0-T-P-001", "00-t-P-01", "00-00000000000000000000000000000000-P-01",
        "00-T-0000000000000000-01", "00_T-P-01", "00-T-P-0g", "cc-T-P-01x", "0x-T-P-01"})
    void anInvalidOneBeginsANewTrace(String value) {
        String sent = value.replace("T", TRACE).replace("P", PARENT)
                .replace("t", TRACE.toUpperCase(Locale.ROOT));
        String made = answer("traceparent = on", "$traceparent $tracestate",
                "Traceparent: " + sent + "\nTracestate: a=1");
        assertTrue(made.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-03 "), made);
        assertNotEquals(TRACE, made.substring(3, 35));
    }

    @Test
    void twoAreNone() {
        String made = traceparent("traceparent = on",
                "Traceparent: " + VALID + "\nTraceparent: " + VALID);
        assertNotEquals(TRACE, made.substring(3, 35));
    }

    @Test
    void traceOfAStrangerMayBeOfNoInterest() {
        RoutingHarness h = site("traceparent = trusted", "$trace_id");
        String request = "GET / HTTP/1.1\nHost: a\nTraceparent: " + VALID;
        assertNotEquals(TRACE, h.send(request).body());
        h.client.remoteAddress = "10.0.0.1";
        assertEquals(TRACE, h.send(request).body());
    }

    @Test
    void requestsHaveTracesOfTheirOwnThatTellNothingOfTheirNumbers() {
        RoutingHarness h = site("traceparent = on", "$trace_id $request_id $trace_id");
        String one = h.get("/").body();
        String other = h.get("/").body();
        assertNotEquals(one.substring(0, 32), other.substring(0, 32));
        assertEquals(one.substring(0, 32), one.substring(66));
        assertNotEquals(one.substring(0, 32), one.substring(33, 65));
    }

    @Test
    void numbersAndTracesAllocateNothing() {
        RoutingHarness h = site("traceparent = on\nrequest_id_header = X-Own any", "");
        Template text = Template.compile("$request_id $traceparent $tracestate", h.scope);
        ByteSink sink = new ByteSink();
        ByteBuffer memory = ByteBuffer.allocateDirect(500);
        for (String fields : new String[] {"X-Own: mine\nTraceparent: " + VALID
                + "\nTracestate: a=1", "X-Own: a b"}) {
            Exchange x = h.client.request("GET / HTTP/1.1\nHost: a\n" + fields);
            x.server = h.routes.defaultServer(0);
            long bytes = SteadyAllocation.leastBytes(100, () -> {
                for (int i = 0; i < 2_000; i++) {
                    text.append(x, sink.reset(memory, 0, 500));
                }
            });
            assertTrue(bytes <= 100, bytes + " bytes in 2,000 requests");
            x.end();
        }
    }

    @Test
    void withoutTheKeyThereIsNoTrace() {
        assertEquals("", answer("", "$traceparent$trace_id$span_id$tracestate",
                "Traceparent: " + VALID + "\nTracestate: a=1"));
    }
}
