package dev.sluice.common.config;

import dev.sluice.common.config.HealthCheckConfig.StatusRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The type of {@code health_check}. Stateless. */
final class HealthCheckType implements ValueType<HealthCheckConfig> {

    private static final List<String> OPTIONS = List.of("interval=", "timeout=", "rise=", "fall=",
            "jitter=", "expect=", "body=", "method=", "host=", "port=", "type=", "service=",
            "mandatory");
    private static final long HOUR_MS = 3_600_000;
    private static final int COUNT_MAX = 1000;
    private static final int BODY_BYTES_MAX = 1024;
    /** One byte says how long it is. */
    private static final int SERVICE_BYTES_MAX = 120;

    @Override
    public String name() {
        return "a check";
    }

    @Override
    public String form() {
        return "/PATH, type=tcp or type=grpc, then interval=5s timeout=3s rise=2 fall=3 jitter=TIME"
                + " expect=200-399 body=TEXT method=GET host=NAME port=N service=NAME mandatory";
    }

    @Override
    public HealthCheckConfig parse(Value value) throws BadValue {
        List<String> words = value.words();
        boolean hasPath = words.getFirst().startsWith("/");
        String path = hasPath ? words.getFirst() : "/";
        Options options = Options.of(hasPath ? words.subList(1, words.size()) : words, OPTIONS,
                List.of("uri", "match", "keepalive_time", "persistent", "passes", "fails"));
        String type = options.text("type=");
        boolean tcp = "tcp".equals(type);
        boolean grpc = "grpc".equals(type);
        if (type != null && !tcp && !grpc && !type.equals("http")) {
            throw new BadValue("unknown type \"" + type + "\"", "expected http, tcp, grpc");
        }
        if (!tcp && !grpc && !hasPath) {
            throw new BadValue("names no path", "expected " + form());
        }
        if (tcp && (hasPath || options.has("expect=") || options.has("body=")
                || options.has("method=") || options.has("host="))) {
            throw new BadValue("type=tcp only connects", "leave what is of HTTP out");
        }
        if (grpc && (hasPath || options.has("expect=") || options.has("body=")
                || options.has("method="))) {
            throw new BadValue("type=grpc asks grpc.health.v1.Health",
                    "leave path, expect, body and method out");
        }
        String service = token(options, "service=", grpc ? "" : null);
        if (service != null && (!grpc || service.length() > SERVICE_BYTES_MAX)) {
            throw new BadValue("\"service\" is a name of type=grpc");
        }
        checkPlain("path", path);
        long intervalMs = options.millis("interval=", 100, HOUR_MS, 5_000);
        return new HealthCheckConfig(tcp, token(options, "method=", "GET"), path,
                token(options, "host=", null), options.number("port=", 1, 65535, 0), intervalMs,
                options.millis("jitter=", 0, HOUR_MS, intervalMs / 10),
                options.millis("timeout=", 10, HOUR_MS, 3_000),
                options.number("rise=", 1, COUNT_MAX, 2), options.number("fall=", 1, COUNT_MAX, 3),
                expect(options.text("expect=")), body(options.text("body=")),
                options.has("mandatory"), service);
    }

    /** It is written into a request as it stands. */
    private static void checkPlain(String what, String text) throws BadValue {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c > 126)) {
            throw new BadValue("the " + what + " \"" + text + "\" is not plain text");
        }
    }

    private static String token(Options options, String name, String absent) throws BadValue {
        String text = options.text(name);
        if (text != null) {
            checkPlain(name.substring(0, name.length() - 1), text);
        }
        return text == null ? absent : text;
    }

    private static List<StatusRange> expect(String text) throws BadValue {
        List<StatusRange> ranges = new ArrayList<>();
        for (String part : (text == null ? "200-399" : text).split(",", -1)) {
            int dash = part.indexOf('-');
            int first = Scalars.number(dash < 0 ? part : part.substring(0, dash), 100, 599);
            int last = dash < 0 ? first : Scalars.number(part.substring(dash + 1), 100, 599);
            if (last < first) {
                throw new BadValue("\"" + part + "\" is no range of statuses",
                        "expected for instance 200-299,404");
            }
            ranges.add(new StatusRange(first, last));
        }
        return ranges;
    }

    private static String body(String text) throws BadValue {
        if (text != null && (text.isEmpty()
                || text.getBytes(StandardCharsets.UTF_8).length > BODY_BYTES_MAX)) {
            throw new BadValue("\"body\" takes 1 to " + BODY_BYTES_MAX + " bytes");
        }
        return text;
    }
}
