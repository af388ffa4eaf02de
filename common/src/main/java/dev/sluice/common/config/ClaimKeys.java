package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.SERVER;
import static dev.sluice.common.config.SectionKind.STREAM;

import java.util.ArrayList;
import java.util.List;

/** The part of the table for what is believed of requests. Written at boot, then read-only. */
public final class ClaimKeys {

    public static final ConfigKey<List<String>> SET_REAL_IP_FROM = ConfigKey.list(
            "set_real_ip_from", new Proxies(),
            "Proxies that are trusted to say who the client is. A request from one of them has the"
                    + " address of real_ip_header in $remote_addr, access rules, limits, balancing"
                    + " and logs; $realip_remote_addr keeps the connection's. Its X-Forwarded-* and"
                    + " Forwarded are forwarded and extended; everybody else's are replaced. A"
                    + " section's own list replaces the inherited one.",
            HTTP, SERVER, STREAM).shows("10.0.0.0/8 fd00::/8");

    public static final ConfigKey<String> REAL_IP_HEADER = ConfigKey.single("real_ip_header",
            new FieldName(), "X-Real-IP",
            "The field that names the client: X-Real-IP, X-Forwarded-For, Forwarded (RFC 7239) or"
                    + " another with one address or a list of them; proxy_protocol for the header"
                    + " of the connection, whose client is then whoever wrote the fields: they are"
                    + " believed if set_real_ip_from has that address, too. A value that is no"
                    + " address names nobody, and a list is not looked at beyond it.", HTTP, SERVER)
            .shows("X-Forwarded-For");

    public static final ConfigKey<Boolean> REAL_IP_RECURSIVE = ConfigKey.single(
            "real_ip_recursive", Scalars.FLAG, "on",
            "Whether the client is the last address of the list that is not trusted itself; off"
                    + " takes the last address (nginx's default).", HTTP, SERVER);

    public static final ConfigKey<ClaimsConfig.IdField> REQUEST_ID_HEADER = ConfigKey.single(
            "request_id_header", new IdFieldType(), "off",
            "The field in which a trusted proxy (set_real_ip_from), or anybody, may give a request"
                    + " its $request_id: 1 to 128 letters, digits and . _ ~ + / = : @ -. A request"
                    + " without gets a number. Peers get it in the same field.", HTTP, SERVER)
            .shows("X-Request-ID", "X-Correlation-ID any");

    public static final ConfigKey<ClaimsConfig.Trace> TRACEPARENT = ConfigKey.single(
            "traceparent", new Scalars.Choice<>(ClaimsConfig.Trace.class), "off",
            "Whether peers get a traceparent (W3C Trace Context): the trace of a valid one that a"
                    + " trusted proxy, or with on anybody, has sent, with $span_id as its parent;"
                    + " else a new trace that is sampled. tracestate passes with a trace that goes"
                    + " on. off passes both as they came.", HTTP, SERVER);

    static final List<ConfigKey<?>> ALL = List.of(SET_REAL_IP_FROM, REAL_IP_HEADER,
            REAL_IP_RECURSIVE, REQUEST_ID_HEADER, TRACEPARENT);

    private ClaimKeys() {
    }

    static ClaimsConfig check(Scope server) {
        Scope holder = server.nearest(SET_REAL_IP_FROM);
        List<String> trusted = holder == null ? List.of()
                : holder.ownValues(SET_REAL_IP_FROM).stream().flatMap(List::stream).toList();
        return new ClaimsConfig(trusted, server.value(REAL_IP_HEADER),
                server.value(REAL_IP_RECURSIVE), server.value(REQUEST_ID_HEADER),
                server.value(TRACEPARENT));
    }

    /**
     * The rules that pass the number of a request and its trace on to peers, but for fields that
     * the location sets itself.
     */
    static List<HeaderRule> passedOn(Scope location, List<HeaderRule> set) {
        List<HeaderRule> rules = new ArrayList<>(set);
        ClaimsConfig.IdField id = location.value(REQUEST_ID_HEADER);
        if (!id.isOff()) {
            add(rules, id.name(), "$request_id");
        }
        if (location.value(TRACEPARENT) != ClaimsConfig.Trace.OFF) {
            add(rules, "traceparent", "$traceparent");
            add(rules, "tracestate", "$tracestate");
        }
        return rules;
    }

    private static void add(List<HeaderRule> rules, String name, String value) {
        if (rules.stream().noneMatch(rule -> rule.name().equalsIgnoreCase(name))) {
            rules.add(new HeaderRule(name, value, false));
        }
    }

    private static final class Proxies implements ValueType<List<String>> {

        @Override
        public String name() {
            return "networks";
        }

        @Override
        public String form() {
            return "networks: 127.0.0.1, 10.0.0.0/8, ::1, fd00::/8 or unix:";
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            List<String> words = new ArrayList<>(value.words());
            if (words.contains(AccessRule.ALL)) {
                throw new BadValue("\"all\" would believe whatever any client says",
                        "name the networks of your proxies");
            }
            return AddressTypes.networks(words);
        }
    }

    private static final class IdFieldType implements ValueType<ClaimsConfig.IdField> {

        @Override
        public String name() {
            return "a field name";
        }

        @Override
        public String form() {
            return "a field name and perhaps any, or off";
        }

        @Override
        public ClaimsConfig.IdField parse(Value value) throws BadValue {
            List<String> words = value.words();
            boolean any = words.size() == 2 && words.get(1).equals("any");
            if (words.size() > 1 && !any) {
                throw Scalars.unknownWord(words.get(1), List.of("any"));
            }
            if (words.getFirst().equals("off") && !any) {
                return ClaimsConfig.IdField.OFF;
            }
            FieldTypes.checkName(words.getFirst(), true);
            return new ClaimsConfig.IdField(words.getFirst(), any);
        }
    }

    /** One name. */
    private static final class FieldName implements ValueType<String> {

        @Override
        public String name() {
            return "a field name";
        }

        @Override
        public String form() {
            return "a field name";
        }

        @Override
        public String parse(Value value) throws BadValue {
            String name = value.word();
            if (name.equals(ClaimsConfig.PROXY_PROTOCOL)) {
                return name;
            }
            FieldTypes.checkName(name, true);
            return name;
        }
    }
}
