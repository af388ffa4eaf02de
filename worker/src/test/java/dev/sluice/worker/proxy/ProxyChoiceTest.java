package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.counters.Termination;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request chooses its upstream by a variable. */
class ProxyChoiceTest {

    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n";

    private final ScriptedPeer app = new ScriptedPeer();
    private final ScriptedPeer beta = new ScriptedPeer();
    private final ProxyHarness harness = new ProxyHarness();

    @BeforeEach
    void start() throws Exception {
        harness.others.add("[upstream beta]");
        harness.others.add("server = 127.0.0.1:" + beta.port());
        harness.others.add("[upstream app2]");
        harness.others.add("server = 127.0.0.1:1");
        harness.location("proxy_pass", "http://$host");
        harness.peer(app).start();
    }

    @AfterEach
    void stop() throws Exception {
        harness.assertQuiet();
        harness.stop();
        app.close();
        beta.close();
    }

    @Test
    void eachNameIsItsUpstream() throws Exception {
        app.script(p -> p.serve(ANSWER + "app"));
        beta.script(p -> p.serve(ANSWER + "two"));
        harness.host = "beta";
        assertEquals("two", harness.get("/").bodyText());
        harness.host = "app";
        ScriptedClient client = harness.get("/");
        assertEquals("app", client.bodyText());
        assertEquals("127.0.0.1:" + app.port(), client.exchange.upstreamAddress);
    }

    /** A host that a client names is nothing to be looked up or connected to. */
    @ParameterizedTest
    @ValueSource(strings = {"", "ap", "app3", "APP", "localhost", "127.0.0.1:1", "app/", "app\nx"})
    void anotherNameIsNone(String name) throws Exception {
        harness.host = name;
        ScriptedClient client = harness.get("/");
        assertEquals(502, client.exchange.status);
        assertEquals(Termination.UPSTREAM_UNKNOWN, client.exchange.termination);
        assertEquals(Termination.UPSTREAM_UNKNOWN, client.exchange.upstreamError);
        String line = harness.logged.poll();
        assertTrue(line.startsWith("error the name in proxy_pass is not that of an upstream: \""),
                line);
    }

    @Test
    void neitherIsOneThatNoUpstreamCouldHave() throws Exception {
        harness.host = "a".repeat(300);
        assertEquals(Termination.UPSTREAM_UNKNOWN, harness.get("/").exchange.termination);
        harness.logged.clear();
    }
}
