package dev.sluice.worker.variables;

import dev.sluice.worker.variables.BoundVariable.Kind;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The variables with a fixed name; families such as {@code $http_NAME} are in
 * {@link NamedVariables}. The names are those that the configuration accepts. Written at boot,
 * then read-only.
 */
public enum Variable {
    REMOTE_ADDR(Kind.CLEAN, "address of the client", ConnectionValues::remoteAddress),
    REMOTE_PORT(Kind.CLEAN, "port of the client", ConnectionValues::remotePort),
    REALIP_REMOTE_ADDR(Kind.CLEAN, "address that the connection comes from, whatever proxies say",
            ConnectionValues::socketAddress),
    REALIP_REMOTE_PORT(Kind.CLEAN, "port that the connection comes from",
            ConnectionValues::socketPort),
    PROXY_PROTOCOL_ADDR(Kind.CLEAN, "address of the client by the PROXY header of the connection",
            ConnectionValues::proxiedAddress),
    PROXY_PROTOCOL_PORT(Kind.CLEAN, "its port by the same", ConnectionValues::proxiedPort),
    PROXY_PROTOCOL_SERVER_ADDR(Kind.CLEAN, "address that it connected to, by the same",
            ConnectionValues::proxiedServerAddress),
    PROXY_PROTOCOL_SERVER_PORT(Kind.CLEAN, "port that it connected to, by the same",
            ConnectionValues::proxiedServerPort),
    REMOTE_USER(Kind.TEXT, "user name of Basic authentication, unchecked",
            RequestValues::remoteUser),
    TIME_LOCAL(Kind.CLEAN, "time of the log line: 20/Nov/2026:18:00:00 +0000", scope ->
            (x, out) -> {
                scope.time.appendLocal(x.ctx.clock.nowMs(), out);
                return true;
            }),
    TIME_ISO8601(Kind.CLEAN, "time of the log line: 2026-11-20T18:00:00+00:00", scope ->
            (x, out) -> {
                scope.time.appendIso(x.ctx.clock.nowMs(), out);
                return true;
            }),
    MSEC(Kind.CLEAN, "time of the log line in seconds with milliseconds", AnswerValues::msec),
    REQUEST(Kind.TEXT, "request line as it was sent", RequestValues::request),
    REQUEST_METHOD(Kind.CLEAN, "method as it was sent", RequestValues::method),
    REQUEST_URI(Kind.TEXT, "path and query as they were sent",
            RequestValues::target),
    URI(Kind.PATH, "canonical path, after rewrites", RequestValues::path),
    DOCUMENT_URI(Kind.PATH, "the same as $uri", RequestValues::path),
    ARGS(Kind.TEXT, "query without its question mark", RequestValues::query),
    QUERY_STRING(Kind.TEXT, "the same as $args", RequestValues::query),
    IS_ARGS(Kind.CLEAN, "a question mark if there is a query, else nothing",
            RequestValues::isArgs),
    HOST(Kind.TEXT, "host asked for, lower case, without port; without one the first name of the"
            + " server that is no pattern, else $server_addr", RequestValues::host),
    HOSTNAME(Kind.CLEAN, "name of the machine", scope ->
            (x, out) -> {
                out.put(scope.hostname);
                return true;
            }),
    SCHEME(Kind.CLEAN, "http or https", ConnectionValues::scheme),
    HTTPS(Kind.CLEAN, "on for a client that speaks TLS, else nothing", ConnectionValues::https),
    SSL_PROTOCOL(Kind.CLEAN, "version of TLS that the client speaks",
            ConnectionValues::tlsProtocol),
    SSL_CIPHER(Kind.CLEAN, "cipher suite of the client's connection",
            ConnectionValues::tlsCipher),
    SSL_SERVER_NAME(Kind.TEXT, "name that the client asked for in its hello (SNI)",
            ConnectionValues::tlsServerName),
    SSL_SESSION_REUSED(Kind.CLEAN, "r when a TLS session was taken up again, else a dot",
            ConnectionValues::tlsSessionReused),
    SSL_CLIENT_VERIFY(Kind.CLEAN, "SUCCESS, NONE, or FAILED: and what is wrong with the client's"
            + " certificate", CertificateValues::verdict),
    SSL_CLIENT_S_DN(Kind.TEXT, "subject of the client's certificate (RFC 2253)",
            CertificateValues::subject),
    SSL_CLIENT_I_DN(Kind.TEXT, "issuer of the client's certificate (RFC 2253)",
            CertificateValues::issuer),
    SSL_CLIENT_SERIAL(Kind.CLEAN, "serial number of the client's certificate, upper case hex",
            CertificateValues::serial),
    SSL_CLIENT_FINGERPRINT(Kind.CLEAN, "SHA-1 of the client's certificate, lower case hex",
            CertificateValues::fingerprint),
    SSL_CLIENT_CERT(Kind.TEXT, "the client's certificate in PEM, a tab before each line but the"
            + " first", CertificateValues::foldedPem),
    SSL_CLIENT_RAW_CERT(Kind.TEXT, "the client's certificate in PEM", CertificateValues::pem),
    SSL_CLIENT_ESCAPED_CERT(Kind.CLEAN, "the client's certificate in PEM, percent-encoded: for"
            + " fields of requests", CertificateValues::escapedPem),
    SSL_CLIENT_V_START(Kind.CLEAN, "when the client's certificate begins to hold",
            CertificateValues::validFrom),
    SSL_CLIENT_V_END(Kind.CLEAN, "when the client's certificate expires",
            CertificateValues::validTo),
    SSL_CLIENT_V_REMAIN(Kind.CLEAN, "days until the client's certificate expires",
            CertificateValues::daysLeft),
    SSL_CLIENT_LFDI(Kind.CLEAN, "LFDI of the client's certificate (IEEE 2030.5), lower case hex",
            CertificateValues::lfdi),
    SSL_CLIENT_SFDI(Kind.CLEAN, "SFDI of the client's certificate (IEEE 2030.5), 12 digits",
            CertificateValues::sfdi),
    SERVER_NAME(Kind.TEXT, "first name of the server that took the request",
            ConnectionValues::serverName),
    SERVER_ADDR(Kind.CLEAN, "address that the client connected to",
            ConnectionValues::serverAddress),
    SERVER_PORT(Kind.CLEAN, "port that the client connected to", ConnectionValues::serverPort),
    SERVER_PROTOCOL(Kind.CLEAN, "HTTP/1.0, HTTP/1.1 or HTTP/2.0", RequestValues::protocol),
    HTTP2(Kind.CLEAN, "h2 over TLS, h2c without; empty in HTTP/1", RequestValues::http2),
    STATUS(Kind.CLEAN, "status of the answer", AnswerValues::status),
    BODY_BYTES_SENT(Kind.CLEAN, "bytes of the answer without its head", AnswerValues::bodyBytes),
    BYTES_SENT(Kind.CLEAN, "bytes of the answer with its head", AnswerValues::bytes),
    REQUEST_LENGTH(Kind.CLEAN, "bytes of the request, head and body", RequestValues::length),
    REQUEST_TIME(Kind.CLEAN, "seconds since the first byte of the request",
            AnswerValues::requestTime),
    REQUEST_ID(Kind.CLEAN, "number that came in request_id_header, else 32 hexadecimal digits"
            + " that no other request has", scope -> scope.requestIds::append),
    TRACE_ID(Kind.CLEAN, "trace of the request, where traceparent is on",
            scope -> scope.trace::traceId),
    SPAN_ID(Kind.CLEAN, "part of the trace that begins here", scope -> scope.trace::spanId),
    TRACEPARENT(Kind.CLEAN, "traceparent for peers", scope -> scope.trace::parent),
    TRACESTATE(Kind.TEXT, "tracestate of a trace that goes on", scope -> scope.trace::state),
    CONTENT_LENGTH(Kind.TEXT, "Content-Length of the request", RequestValues::contentLength),
    CONTENT_TYPE(Kind.TEXT, "Content-Type of the request", RequestValues::contentType),
    CONNECTION(Kind.CLEAN, "serial number of the connection", ConnectionValues::connection),
    CONNECTION_REQUESTS(Kind.CLEAN, "requests of the connection so far",
            ConnectionValues::connectionRequests),
    PIPE(Kind.CLEAN, "p for a pipelined request, else a dot", ConnectionValues::pipe),
    PID(Kind.CLEAN, "process id of the worker", scope ->
            (x, out) -> {
                out.putDecimal(scope.pid);
                return true;
            }),
    UPSTREAM_ADDR(Kind.TEXT, "peers that were tried", TriedValues::addresses),
    UPSTREAM_STATUS(Kind.CLEAN, "status that each gave", TriedValues::statuses),
    UPSTREAM_CONNECT_TIME(Kind.CLEAN, "seconds until each was connected",
            TriedValues::connectTimes),
    UPSTREAM_HEADER_TIME(Kind.CLEAN, "seconds until the head of its answer was there",
            TriedValues::headerTimes),
    UPSTREAM_RESPONSE_TIME(Kind.CLEAN, "seconds until its answer was complete, or it failed",
            TriedValues::responseTimes),
    UPSTREAM_ERROR(Kind.CLEAN, "why the last peer that failed did",
            AnswerValues::upstreamError),
    UPSTREAM_CACHE_STATUS(Kind.CLEAN, "what the cache did: MISS, BYPASS, EXPIRED, STALE, UPDATING,"
            + " REVALIDATED or HIT; nothing without one", AnswerValues::cacheStatus),
    LIMIT_REQ_STATUS(Kind.CLEAN, "what the limits decided: PASSED, DELAYED, REJECTED,"
            + " DELAYED_DRY_RUN or REJECTED_DRY_RUN", AnswerValues::limitStatus),
    LIMIT_CONN_STATUS(Kind.CLEAN, "what the limits of connections decided: PASSED, REJECTED or"
            + " REJECTED_DRY_RUN", AnswerValues::holdStatus),
    PROTOCOL(Kind.CLEAN, "what a stream passes on: TCP", ConnectionValues::streamProtocol),
    SESSION_TIME(Kind.CLEAN, "seconds since the connection of a stream was accepted",
            AnswerValues::requestTime),
    BYTES_RECEIVED(Kind.CLEAN, "bytes that the client has sent", RequestValues::length),
    SSL_PREREAD_SERVER_NAME(Kind.TEXT, "name in the hello of a client, where ssl_preread is on",
            ConnectionValues::prereadName),
    TERMINATION(Kind.CLEAN, "why the exchange ended", AnswerValues::termination),
    WORKER(Kind.CLEAN, "slot of the worker, from 0", ConnectionValues::worker),
    GENERATION(Kind.CLEAN, "generation of the configuration", ConnectionValues::generation),
    DOCUMENT_ROOT(Kind.TEXT, "root or alias of the location", RequestValues::documentRoot),
    REQUEST_FILENAME(Kind.TEXT, "file that the path names", RequestValues::fileName),
    PROXY_ADD_X_FORWARDED_FOR(Kind.TEXT, "X-Forwarded-For of the client and its own address",
            RequestValues::forwardedFor),
    PROXY_HOST(Kind.TEXT, "upstream that proxy_pass names", RequestValues::proxyHost);

    private static final Map<String, Variable> BY_LABEL = new HashMap<>();

    static {
        for (Variable v : values()) {
            BY_LABEL.put(v.label, v);
        }
    }

    private final Kind kind;
    private final String sentence;
    private final String label;
    private final Function<WorkerScope, VariableValue> binding;

    Variable(Kind kind, String sentence, VariableValue value) {
        this(kind, sentence, scope -> value);
    }

    Variable(Kind kind, String sentence, Function<WorkerScope, VariableValue> binding) {
        this.kind = kind;
        this.sentence = sentence;
        this.binding = binding;
        this.label = name().toLowerCase(Locale.ROOT);
    }

    /** The variable of this name, without the dollar sign; null if there is none. */
    public static Variable of(String label) {
        return BY_LABEL.get(label);
    }

    /** The name without the dollar sign. */
    public String label() {
        return label;
    }

    /** What it is, lower case, no full stop. */
    public String sentence() {
        return sentence;
    }

    BoundVariable bind(WorkerScope scope) {
        return new BoundVariable(binding.apply(scope), kind);
    }
}
