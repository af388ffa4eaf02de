package dev.sluice.modules.otel;

import dev.sluice.module.HttpExchange;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleException;
import dev.sluice.module.Text;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Instant;

/**
 * Makes spans of requests that have ended, with the names of the semantic conventions for HTTP.
 *
 * <p>Owner: event loop.
 */
final class Spans {

    private static final AttributeKey<String> METHOD =
            AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<Long> STATUS =
            AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<String> QUERY = AttributeKey.stringKey("url.query");
    private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
    private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
    private static final AttributeKey<String> PROTOCOL =
            AttributeKey.stringKey("network.protocol.version");
    private static final AttributeKey<String> AGENT = AttributeKey.stringKey("user_agent.original");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final int SERVER_ERROR = 500;
    private static final int ERROR_STATUS = 400;
    private static final String SEPARATORS = " *[,:] +";

    /** Gives the SDK the numbers that peers and clients know already. */
    private static final class Given implements IdGenerator {
        private String traceId;
        private String spanId;

        @Override
        public String generateSpanId() {
            return spanId;
        }

        @Override
        public String generateTraceId() {
            return traceId;
        }
    }

    private final Given ids = new Given();
    private final Outbox outbox;
    private final Tracer tracer;
    private final Text protocol;
    private final Text peers;
    private final Text statuses;

    Spans(ModuleContext context, String service, Outbox outbox) throws ModuleException {
        this.outbox = outbox;
        this.tracer = SdkTracerProvider.builder().setIdGenerator(ids)
                .setSampler(Sampler.alwaysOn())
                .setResource(Resource.builder().put("service.name", service).build())
                .build().get("sluice");
        this.protocol = context.text("$server_protocol");
        this.peers = context.text("$upstream_addr");
        this.statuses = context.text("$upstream_status");
    }

    /** Hands the span of a request over, and those of its tries. @return how many were refused */
    int end(HttpExchange x, Recording recording, Instant now) {
        Span own = own(x, recording);
        int refused = 0;
        Context below = Context.root().with(own);
        String[] addresses = x.text(peers).split(SEPARATORS);
        String[] answers = x.text(statuses).split(SEPARATORS);
        for (int i = 0; i < recording.tries(); i++) {
            boolean last = i == recording.tries() - 1;
            Span one = ofTry(x, recording.peers.get(i), below, i < addresses.length
                    ? addresses[i] : "", i < answers.length ? answers[i] : "");
            one.end(last ? now : recording.peers.get(i + 1).from());
            refused += handOver(one);
        }
        own.end(now);
        return refused + handOver(own);
    }

    private int handOver(Span span) {
        return outbox.offer(((ReadableSpan) span).toSpanData()) ? 0 : 1;
    }

    private Span own(HttpExchange x, Recording recording) {
        ids.traceId = recording.traceId;
        ids.spanId = recording.spanId;
        SpanBuilder builder = tracer.spanBuilder(x.method() + " " + recording.location)
                .setSpanKind(SpanKind.SERVER).setStartTimestamp(recording.from)
                .setAttribute(METHOD, x.method()).setAttribute(ROUTE, recording.location)
                .setAttribute(PATH, x.path()).setAttribute(SCHEME, x.secure() ? "https" : "http")
                .setAttribute(CLIENT, x.remoteAddress());
        if (recording.parentId == null) {
            builder.setNoParent();
        } else {
            builder.setParent(Context.root().with(Span.wrap(SpanContext.createFromRemoteParent(
                    recording.traceId, recording.parentId, TraceFlags.getSampled(),
                    TraceState.getDefault()))));
        }
        address(builder, x.authority());
        put(builder, QUERY, x.query());
        put(builder, AGENT, x.header("User-Agent"));
        String version = x.text(protocol);
        put(builder, PROTOCOL, version.startsWith("HTTP/") ? version.substring(5) : null);
        Span span = builder.startSpan();
        int status = x.status();
        if (status != 0) {
            span.setAttribute(STATUS, status);
        }
        if (status == 0 || status >= SERVER_ERROR) {
            // A client that is to blame is no error of the server's span.
            span.setAttribute(ERROR, status == 0 ? "aborted" : Integer.toString(status));
            span.setStatus(StatusCode.ERROR);
        }
        return span;
    }

    private Span ofTry(HttpExchange x, Recording.Try one, Context below, String address,
            String status) {
        ids.spanId = one.spanId();
        SpanBuilder builder = tracer.spanBuilder(x.method()).setParent(below)
                .setSpanKind(SpanKind.CLIENT).setStartTimestamp(one.from())
                .setAttribute(METHOD, x.method());
        address(builder, address);
        Span span = builder.startSpan();
        boolean answered = status.length() == 3 && status.chars().allMatch(Character::isDigit);
        if (answered) {
            span.setAttribute(STATUS, Long.parseLong(status));
        }
        if (!answered || Integer.parseInt(status) >= ERROR_STATUS) {
            span.setAttribute(ERROR, answered ? status : "unanswered");
            span.setStatus(StatusCode.ERROR);
        }
        return span;
    }

    /** Host and port of {@code HOST:PORT}, as far as they are there. */
    private static void address(SpanBuilder builder, String text) {
        int colon = text.lastIndexOf(':');
        boolean port = colon > 0 && colon < text.length() - 1 && colon >= text.length() - 6
                && text.substring(colon + 1).chars().allMatch(Character::isDigit);
        put(builder, SERVER, port ? text.substring(0, colon) : text);
        if (port) {
            builder.setAttribute(PORT, Long.parseLong(text.substring(colon + 1)));
        }
    }

    private static void put(SpanBuilder builder, AttributeKey<String> key, String value) {
        if (value != null && !value.isEmpty()) {
            builder.setAttribute(key, value);
        }
    }
}
