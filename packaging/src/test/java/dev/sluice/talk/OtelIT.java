package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The shipped module otel on the distribution, with a receiver of OTLP that comes and goes. */
final class OtelIT {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    /** opentelemetry.proto.trace.v1.Span: its kinds, and what it says of errors. */
    private static final long SERVER = 2;
    private static final long CLIENT = 3;
    private static final long ERROR = 2;

    /** Of a message of protobuf: each field's values in their order, numbers or bytes. */
    private static Map<Integer, List<Object>> message(byte[] bytes) {
        Map<Integer, List<Object>> fields = new TreeMap<>();
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (b.hasRemaining()) {
            int tag = (int) varint(b);
            Object value = switch (tag & 7) {
                case 0 -> varint(b);
                case 1 -> b.getLong();
                case 5 -> (long) b.getInt();
                default -> {
                    byte[] inner = new byte[(int) varint(b)];
                    b.get(inner);
                    yield inner;
                }
            };
            fields.computeIfAbsent(tag >> 3, one -> new ArrayList<>()).add(value);
        }
        return fields;
    }

    private static long varint(ByteBuffer b) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = b.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private record Span(Map<Integer, List<Object>> fields) {
        String hex(int field) {
            return HexFormat.of().formatHex((byte[]) fields.get(field).getFirst());
        }

        String name() {
            return new String((byte[]) fields.get(5).getFirst(), StandardCharsets.UTF_8);
        }

        long kind() {
            return (long) fields.get(6).getFirst();
        }

        /** 0 for unset. */
        long status() {
            Object status = fields.containsKey(15) ? fields.get(15).getFirst() : new byte[0];
            return (long) message((byte[]) status).getOrDefault(3, List.of(0L)).getFirst();
        }

        long httpStatus() {
            for (Object attribute : fields.get(9)) {
                var pair = message((byte[]) attribute);
                if (new String((byte[]) pair.get(1).getFirst(), StandardCharsets.UTF_8)
                        .equals("http.response.status_code")) {
                    return (long) message((byte[]) pair.get(2).getFirst()).get(3).getFirst();
                }
            }
            throw new AssertionError("no status");
        }
    }

    private final BlockingQueue<Span> spans = new LinkedBlockingQueue<>();

    private HttpServer receiver() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/v1/traces", this::take);
        server.start();
        return server;
    }

    private void take(HttpExchange request) throws IOException {
        byte[] body = new GZIPInputStream(request.getRequestBody()).readAllBytes();
        for (Object resource : message(body).get(1)) {
            for (Object scope : message((byte[]) resource).get(2)) {
                message((byte[]) scope).get(2).forEach(
                        span -> spans.add(new Span(message((byte[]) span))));
            }
        }
        request.sendResponseHeaders(200, -1);
        request.close();
    }

    private Span next() throws InterruptedException {
        Span span = spans.poll(20, TimeUnit.SECONDS);
        assertTrue(span != null, "no span has come");
        return span;
    }

    private static Response ask(RunningSluice sluice, String path) throws IOException {
        try (var client = sluice.client()) {
            return client.request("GET " + path + " HTTP/1.1", "Host: s",
                    "traceparent: 00-" + TRACE + "-" + PARENT + "-01").response();
        }
    }

    /** A request, and the span of each of its ends: below the client's, and below that. */
    private void tracedRequest(RunningSluice sluice, ScriptedUpstream peer, String path,
            int status) throws Exception {
        assertEquals(status, ask(sluice, path).status());
        Span first = next();
        Span second = next();
        Span own = first.kind() == SERVER ? first : second;
        Span tried = own == first ? second : first;
        assertEquals(List.of(SERVER, CLIENT), List.of(own.kind(), tried.kind()));
        assertEquals(List.of(TRACE, TRACE), List.of(own.hex(1), tried.hex(1)));
        assertEquals(PARENT, own.hex(4));
        assertEquals(own.hex(2), tried.hex(4));
        assertEquals("GET /api/", own.name());
        assertEquals(status, own.httpStatus());
        assertEquals(status >= 500 ? ERROR : 0, own.status());
        String head = peer.heads().getLast();
        assertTrue(head.contains("00-" + TRACE + "-" + tried.hex(2) + "-01"), head);
    }

    @Test
    void spansOfRequestsArriveAndAnAbsentReceiverCostsNothingButSpans() throws Exception {
        HttpServer receiver = receiver();
        String endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/v1/traces";
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        talk.answer(talk.head().startsWith("GET /api/bad") ? 503 : 200, "x");
                    }
                });
                var sluice = RunningSluice.with("""
                        [module otel]
                        endpoint = %s
                        every = 100ms
                        give_up = 2s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        metrics = on
                        traceparent = on
                        [location s /api/]
                        otel = on
                        proxy_pass = http://%s
                        """.formatted(endpoint, peer.address()))
                        .main("modules = " + ShippedModulesIT.jar("otel") + "\n").start()) {
            tracedRequest(sluice, peer, "/api/good", 200);
            tracedRequest(sluice, peer, "/api/bad", 503);
            receiver.stop(0);
            Await.that("the loss is counted", () -> {
                assertEquals(200, ask(sluice, "/api/good").status());
                return counted(sluice, "lost") > 0;
            });
            sluice.awaitErrorLog("module otel: spans do not arrive at " + endpoint);
            assertEquals(0, counted(sluice, "dropped"));
        } finally {
            receiver.stop(0);
        }
    }

    private static long counted(RunningSluice sluice, String counter) throws IOException {
        try (var client = sluice.client()) {
            return client.get("/metrics").response().text().lines().filter(line -> line.startsWith(
                    "sluice_module_counter_total{counter=\"" + counter + "\",module=\"otel\"}"))
                    .mapToLong(line -> (long) Double.parseDouble(
                            line.substring(line.lastIndexOf(' ') + 1))).sum();
        }
    }
}
