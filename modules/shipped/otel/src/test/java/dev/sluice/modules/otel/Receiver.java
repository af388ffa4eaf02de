package dev.sluice.modules.otel;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
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

/** A small receiver of OTLP over HTTP, which reads as much of protobuf as the tests ask for. */
final class Receiver implements AutoCloseable {

    /** One span: names and values as they are in opentelemetry/proto/trace/v1. */
    record Span(String traceId, String spanId, String parentId, String name, long kind,
            long fromNs, long toNs, long status, Map<String, String> attributes) {}

    final BlockingQueue<Span> spans = new LinkedBlockingQueue<>();
    final BlockingQueue<String> authorizations = new LinkedBlockingQueue<>();
    volatile int status = 200;
    private final HttpServer server;

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    Span next() throws InterruptedException {
        Span span = spans.poll(20, TimeUnit.SECONDS);
        if (span == null) {
            throw new AssertionError("no span has come");
        }
        return span;
    }

    private void take(HttpExchange request) throws IOException {
        try (InputStream in = new GZIPInputStream(request.getRequestBody())) {
            byte[] body = in.readAllBytes();
            authorizations.add(String.valueOf(request.getRequestHeaders().getFirst(
                    "Authorization")));
            if (status == 200) {
                for (byte[] resource : fields(body, 1)) {
                    for (byte[] scope : fields(resource, 2)) {
                        fields(scope, 2).forEach(span -> spans.add(span(span)));
                    }
                }
            }
        }
        request.getResponseHeaders().set("Content-Type", "application/x-protobuf");
        request.sendResponseHeaders(status, -1);
        request.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static Span span(byte[] span) {
        Map<String, String> attributes = new TreeMap<>();
        for (byte[] pair : fields(span, 9)) {
            byte[] value = fields(pair, 2).getFirst();
            List<byte[]> text = fields(value, 1);
            attributes.put(text(pair, 1), text.isEmpty() ? Long.toString(number(value, 3))
                    : new String(text.getFirst(), StandardCharsets.UTF_8));
        }
        List<byte[]> state = fields(span, 15);
        return new Span(hex(span, 1), hex(span, 2), hex(span, 4), text(span, 5), number(span, 6),
                number(span, 7), number(span, 8),
                state.isEmpty() ? 0 : number(state.getFirst(), 3), attributes);
    }

    private static String hex(byte[] message, int field) {
        List<byte[]> all = fields(message, field);
        return all.isEmpty() ? "" : HexFormat.of().formatHex(all.getFirst());
    }

    private static String text(byte[] message, int field) {
        return new String(fields(message, field).getFirst(), StandardCharsets.UTF_8);
    }

    /** Fields with a length. */
    private static List<byte[]> fields(byte[] message, int field) {
        List<byte[]> found = new ArrayList<>();
        walk(message, (number, value, bytes) -> {
            if (number == field && bytes != null) {
                found.add(bytes);
            }
        });
        return found;
    }

    private static long number(byte[] message, int field) {
        long[] found = new long[1];
        walk(message, (number, value, bytes) -> {
            if (number == field && bytes == null) {
                found[0] = value;
            }
        });
        return found[0];
    }

    private interface Field {
        void is(int number, long value, byte[] bytes);
    }

    private static void walk(byte[] message, Field field) {
        ByteBuffer b = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (b.hasRemaining()) {
            int tag = (int) varint(b);
            switch (tag & 7) {
                case 0 -> field.is(tag >> 3, varint(b), null);
                case 1 -> field.is(tag >> 3, b.getLong(), null);
                case 5 -> field.is(tag >> 3, b.getInt(), null);
                default -> {
                    byte[] bytes = new byte[(int) varint(b)];
                    b.get(bytes);
                    field.is(tag >> 3, 0, bytes);
                }
            }
        }
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
}
