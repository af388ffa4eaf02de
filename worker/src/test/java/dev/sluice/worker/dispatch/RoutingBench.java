package dev.sluice.worker.dispatch;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.LogFormatConfig;
import dev.sluice.common.config.ServerNameConfig.Kind;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.route.Sites;
import dev.sluice.worker.route.Sites.Place;
import dev.sluice.worker.variables.LogFormat;
import dev.sluice.worker.variables.Template;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds of the parts of a request that are not input or output. To run it, compile the test
 * classes with {@code -processor org.openjdk.jmh.generators.BenchmarkProcessor} and the two JMH
 * 1.37 jars on the processor path, then {@code java -cp … org.openjdk.jmh.Main RoutingBench}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx256m"})
public class RoutingBench {

    private static final String REQUEST = "GET /api/v1/users/%s/orders?page=2 HTTP/1.1\n"
            + "Host: www.example.com\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\n"
            + "Accept: */*\nReferer: https://www.example.com/app/start.html\n"
            + "X-Forwarded-For: 203.0.113.9";

    @Param({"10", "10000"})
    private int locationCount;

    private RoutingHarness h;
    private Exchange x;
    private NaiveLocations naive;
    private LogFormat combined;
    private LogFormat composed;
    private ValueTemplate forwarded;
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(65_536).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteSink sink = new ByteSink();

    @Setup
    public void build() {
        Sites sites = new Sites();
        Sites.Site www = sites.site("www").listen(80, false).name(Kind.EXACT, "www.example.com");
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < locationCount; i++) {
            patterns.add("/api/v1/users/" + i + "/");
            www.place(new Place(Match.PREFIX, patterns.getLast()).returns(200, "text"));
        }
        naive = new NaiveLocations(patterns);
        h = new RoutingHarness(sites.add(www).config());
        combined = LogFormat.compile(
                new LogFormatConfig("x", LogFormat.COMBINED, "default"), h.scope);
        composed = LogFormat.compile(
                new LogFormatConfig("x", LogFormat.COMBINED + "$is_args", "default"), h.scope);
        forwarded = Template.compile("$proxy_add_x_forwarded_for", h.scope);
        x = h.client.request(REQUEST.formatted(locationCount / 2));
        h.routes.serve(x);
        h.routes.locate(x);
        x.status = 200;
        x.bodyBytesSent = 1024;
    }

    @Benchmark
    public Object server() {
        h.routes.serve(x);
        return x.server;
    }

    @Benchmark
    public Location location() {
        h.routes.locate(x);
        return x.location;
    }

    /** The same question, asked of one pattern after the other. */
    @Benchmark
    public int oneByOne() {
        return naive.find(x);
    }

    @Benchmark
    public int combinedLine() {
        combined.append(x, sink.reset(memory, 0, 4096));
        return sink.position();
    }

    @Benchmark
    public int composedLine() {
        composed.append(x, sink.reset(memory, 0, 4096));
        return sink.position();
    }

    @Benchmark
    public int forwardedFor() {
        forwarded.append(x, sink.reset(memory, 0, 4096));
        return sink.position();
    }
}
