package dev.sluice.worker.http1;

import dev.sluice.worker.http.HopByHop;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.ResponseHead;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds per head. To run it, compile the test classes with
 * {@code -processor org.openjdk.jmh.generators.BenchmarkProcessor} and the two JMH 1.37 jars on the
 * processor path, then {@code java -cp … org.openjdk.jmh.Main HeadParserBench -prof gc}: the
 * normalised allocation rate has to be 0 B/op.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx256m"})
public class HeadParserBench {

    private static final String BROWSER = "GET /assets/app.css?v=12 HTTP/1.1\r\n"
            + "Host: www.example.com\r\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox\r\n"
            + "Accept: text/css,*/*;q=0.1\r\n"
            + "Accept-Language: en-US,en;q=0.5\r\n"
            + "Accept-Encoding: gzip, deflate, br, zstd\r\n"
            + "Connection: keep-alive\r\n"
            + "Referer: http://www.example.com/index.html\r\n"
            + "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark\r\n"
            + "Sec-Fetch-Dest: style\r\n"
            + "Sec-Fetch-Mode: no-cors\r\n"
            + "\r\n";
    private static final String CURL = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
            + "User-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n";
    private static final String ORIGIN = "HTTP/1.1 200 OK\r\nServer: origin\r\n"
            + "Date: Fri, 20 Nov 2026 18:00:00 GMT\r\nContent-Type: text/plain\r\n"
            + "Content-Length: 128\r\nConnection: keep-alive\r\n\r\n";

    private final RequestHead request = new RequestHead(100);
    private final ResponseHead response = new ResponseHead(100);
    private final RequestParser requestParser = new RequestParser(ParseLimits.defaults());
    private final ResponseParser responseParser = new ResponseParser(ParseLimits.defaults());
    private final ByteBuffer browser = slab(BROWSER);
    private final ByteBuffer curl = slab(CURL);
    private final ByteBuffer origin = slab(ORIGIN);

    private static ByteBuffer slab(String text) {
        ByteBuffer b = Feed.bait(65_536);
        b.put(0, Feed.latin1(text));
        return b;
    }

    /** A browser's head of 419 bytes and ten fields. */
    @Benchmark
    public int browser() {
        requestParser.reset(0);
        return requestParser.parse(request, browser, BROWSER.length());
    }

    /** A head of 78 bytes and three fields. */
    @Benchmark
    public int curl() {
        requestParser.reset(0);
        return requestParser.parse(request, curl, CURL.length());
    }

    /** The same as {@link #browser()}, with the fields that stop here marked. */
    @Benchmark
    public int browserAndHopByHop() {
        int end = browser();
        HopByHop.mark(request.headers);
        return end;
    }

    /** An origin's head of 143 bytes and five fields. */
    @Benchmark
    public int origin() {
        responseParser.reset(0, Method.GET);
        return responseParser.parse(response, origin, ORIGIN.length());
    }
}
