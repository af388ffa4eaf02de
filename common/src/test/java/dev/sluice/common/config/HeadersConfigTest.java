package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What locations get of the rules for fields around them. */
class HeadersConfigTest {

    private static List<LocationConfig> locations(String text) {
        LoadedConfig loaded = ConfigLoader.loadText(text, Path.of("/"));
        assertEquals(List.of(), loaded.errors());
        return loaded.config().servers().getFirst().locations();
    }

    @Test
    void listsOfFieldsMergeUntilOneSectionClearsThem() {
        List<LocationConfig> locations = locations("""
                [http]
                add_header = X-A http
                set_header = X-S http
                proxy_set_header = X-P http
                proxy_add_header = X-Q http
                proxy_hide_header = X-H
                proxy_pass_header = Server
                error_page = 404 /404.html
                [server a]
                listen = 80
                set_header = x-s server always
                proxy_hide_header = X-I
                [location a /]
                proxy_pass = http://127.0.0.1:81
                [location a /new]
                proxy_pass = http://127.0.0.1:81
                clear = header
                add_header = X-N new
                """);
        LocationConfig merged = locations.get(0);
        assertEquals(List.of("X-A http false"), rules(merged.headers().add()));
        assertEquals(List.of("x-s server true"), rules(merged.headers().set()));
        ProxyHeadersConfig proxy = merged.proxy().headers();
        assertEquals(List.of("X-P http false"), rules(proxy.set()));
        assertEquals(List.of("X-Q http false"), rules(proxy.add()));
        assertEquals(List.of("X-H", "X-I"), proxy.hide());
        assertEquals(List.of("Server"), proxy.pass());
        LocationConfig anew = locations.get(1);
        assertEquals(List.of("X-N new false"), rules(anew.headers().add()));
        assertEquals(List.of(), anew.headers().set());
        assertEquals(List.of(List.of(), List.of(), List.of(), List.of()), List.of(
                anew.proxy().headers().set(), anew.proxy().headers().add(),
                anew.proxy().headers().hide(), anew.proxy().headers().pass()));
        assertEquals(1, anew.errorPages().size(), "no list of fields");
    }

    @Test
    void numberAndTracePassOnUnlessTheLocationSetsThem() {
        List<LocationConfig> locations = locations("""
                [http]
                request_id_header = X-Request-ID any
                traceparent = trusted
                [server a]
                listen = 80
                [location a /]
                proxy_pass = http://127.0.0.1:81
                [location a /own]
                proxy_pass = http://127.0.0.1:81
                proxy_set_header = x-request-id other
                proxy_set_header = Traceparent ""
                """);
        assertEquals(List.of("X-Request-ID $request_id false", "traceparent $traceparent false",
                "tracestate $tracestate false"), rules(locations.get(0).proxy().headers().set()));
        assertEquals(List.of("x-request-id other false", "Traceparent  false",
                "tracestate $tracestate false"), rules(locations.get(1).proxy().headers().set()));
    }

    @Test
    void aLocationThatChoosesHasEachUpstreamsOwnSettings() {
        ProxyConfig proxy = locations("""
                [upstream one]
                server = 127.0.0.1:1
                read_timeout = 3s
                [upstream two]
                server = 127.0.0.1:2
                [server a]
                listen = 80
                [location a /]
                proxy_pass = http://$arg_pool
                [location a /direct]
                proxy_pass = http://127.0.0.1:3
                """).getFirst().proxy();
        assertEquals("$arg_pool", proxy.choice().name());
        assertEquals(List.of("one", "two"),
                proxy.choice().choices().stream().map(ProxyConfig::upstream).toList());
        assertEquals(List.of(3_000L, 60_000L),
                proxy.choice().choices().stream().map(ProxyConfig::readTimeoutMs).toList());
    }

    private static List<String> rules(List<HeaderRule> rules) {
        return rules.stream().map(rule -> rule.name() + " " + rule.value() + " " + rule.always())
                .toList();
    }
}
