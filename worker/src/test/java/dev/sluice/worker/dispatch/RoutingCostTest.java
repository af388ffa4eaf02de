package dev.sluice.worker.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.LogFormatConfig;
import dev.sluice.common.config.RewriteConfig.Flag;
import dev.sluice.common.config.ServerNameConfig.Kind;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.SteadyAllocation;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.route.Sites;
import dev.sluice.worker.route.Sites.Place;
import dev.sluice.worker.variables.LogFormat;
import dev.sluice.worker.variables.Template;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What the parts of the steady path leave behind must be nothing. What they cost in time is
 * measured by RoutingBench.
 */
class RoutingCostTest {

    private static final int COUNT = 50_000;
    /** Room for what the machine itself allocates; an object per run would be far more. */
    private static final long NOISE_BYTES_MAX = 20_000;

    private static final String REQUEST = "GET /api/v1/users/%s/orders?page=2 HTTP/1.1\n"
            + "Host: www.example.com\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\n"
            + "Accept: */*\nReferer: https://www.example.com/app/start.html\n"
            + "X-Forwarded-For: 203.0.113.9";

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(65_536).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteSink sink = new ByteSink();

    private static RoutingHarness site(int locationCount) {
        Sites sites = new Sites();
        Sites.Site www = sites.site("www").listen(80, false).name(Kind.EXACT, "www.example.com");
        for (int i = 0; i < locationCount; i++) {
            www.place(new Place(Match.PREFIX, "/api/v1/users/" + i + "/").returns(200, "text"));
        }
        return new RoutingHarness(sites.add(www).config());
    }

    private void measure(String what, Runnable one) {
        long bytes = SteadyAllocation.leastBytes(NOISE_BYTES_MAX, () -> {
            for (int i = 0; i < COUNT; i++) {
                one.run();
            }
        });
        assertTrue(bytes <= NOISE_BYTES_MAX, what + ": " + bytes + " bytes");
    }

    private static Exchange routed(RoutingHarness h, int location) {
        Exchange x = h.client.request(REQUEST.formatted(location));
        h.routes.serve(x);
        h.routes.locate(x);
        x.status = 200;
        x.bodyBytesSent = 1024;
        return x;
    }

    private void lookUp(int locationCount) {
        RoutingHarness h = site(locationCount);
        Exchange x = routed(h, locationCount / 2);
        assertTrue(x.location.label.endsWith("/" + locationCount / 2 + "/"));
        measure("server and location of " + locationCount, () -> {
            h.routes.serve(x);
            h.routes.locate(x);
        });
    }

    @Test
    void findingALocationCostsTheSameAmongTenAndTenThousand() {
        lookUp(10);
        lookUp(10_000);
    }

    private void log(String what, String format) {
        RoutingHarness h = site(10);
        Exchange x = routed(h, 5);
        LogFormat compiled = LogFormat.compile(new LogFormatConfig("x", format, "default"),
                h.scope);
        measure(what, () -> compiled.append(x, sink.reset(memory, 0, 4096)));
    }

    @Test
    void anAccessLogLine() {
        log("combined line", LogFormat.COMBINED);
        log("the same from its parts", LogFormat.COMBINED + "$is_args");
        log("fifteen variables", "$remote_addr $remote_port $host $uri $args $scheme $request_id "
                + "$request_time $status $bytes_sent $http_referer $arg_page $time_iso8601 "
                + "$upstream_addr $termination");
    }

    @Test
    void aForwardedHeader() {
        RoutingHarness h = site(10);
        Exchange x = routed(h, 5);
        ValueTemplate template = Template.compile("$proxy_add_x_forwarded_for", h.scope);
        measure("template of X-Forwarded-For",
                () -> template.append(x, sink.reset(memory, 0, 4096)));
    }

    @Test
    void aWholeExchange() {
        RoutingHarness h = site(1000);
        String request = REQUEST.formatted(500);
        h.send(request);
        int bytes = h.client.exchange.request.headLength;
        measure("parse, dispatch, return, end", () -> {
            h.onRequest(h.client.again(bytes));
            h.client.exchange.end();
        });
    }

    @Test
    void templatesConditionsAndMethods() {
        StringBuilder text = new StringBuilder("[server www]\nlisten = 80\n");
        for (int i = 0; i < 1000; i++) {
            text.append("[location www /api/v1/users/{id}/").append(i).append("]\nreturn = 200\n");
        }
        text.append("[location www /api/{v}/users/{id}/orders]\nmethods = GET\n"
                + "when = $arg_page == 2\nwhen = $http_host ~ ^www\\.\n"
                + "when = $remote_addr in 192.0.2.0/24\nreturn = 200 \"$path_id\"\n"
                + "[location www /api/{v}/users/{id}/orders]\nmethods = PUT\nreturn = 200\n");
        LoadedConfig loaded = ConfigLoader.loadText(text.toString(), Path.of("."));
        RoutingHarness h = new RoutingHarness(loaded.config());
        assertEquals("5", h.send(REQUEST.formatted(5)).body());
        int bytes = h.client.exchange.request.headLength;
        measure("template, three conditions, method", () -> {
            h.onRequest(h.client.again(bytes));
            h.client.exchange.end();
        });
    }

    @Test
    void aRuleThatDoesNotMatch() {
        Sites sites = new Sites();
        Sites.Site www = sites.site("www").listen(80, false)
                .rewrite("^/old/(.*)$", "/new/$1", Flag.LAST);
        www.place(new Place(Match.REGEX, "^/static/.*\\.js$").returns(200, "script"));
        www.place(new Place(Match.PREFIX, "/").returns(200, "text"));
        RoutingHarness h = new RoutingHarness(sites.add(www).config());
        h.send(REQUEST.formatted(1));
        int bytes = h.client.exchange.request.headLength;
        measure("the same with two expressions passed by", () -> {
            h.onRequest(h.client.again(bytes));
            h.client.exchange.end();
        });
    }
}
