package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.SERVER;

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
            HTTP, SERVER).shows("10.0.0.0/8 fd00::/8");

    public static final ConfigKey<String> REAL_IP_HEADER = ConfigKey.single("real_ip_header",
            new FieldName(), "X-Real-IP",
            "The field that names the client: X-Real-IP, X-Forwarded-For, Forwarded (RFC 7239) or"
                    + " another with one address or a list of them. A value that is no address"
                    + " names nobody, and a list is not looked at beyond it.", HTTP, SERVER)
            .shows("X-Forwarded-For");

    public static final ConfigKey<Boolean> REAL_IP_RECURSIVE = ConfigKey.single(
            "real_ip_recursive", Scalars.FLAG, "on",
            "Whether the client is the last address of the list that is not trusted itself; off"
                    + " takes the last address (nginx's default).", HTTP, SERVER);

    static final List<ConfigKey<?>> ALL =
            List.of(SET_REAL_IP_FROM, REAL_IP_HEADER, REAL_IP_RECURSIVE);

    private ClaimKeys() {
    }

    static ClaimsConfig check(Scope server) {
        Scope holder = server.nearest(SET_REAL_IP_FROM);
        List<String> trusted = holder == null ? List.of()
                : holder.ownValues(SET_REAL_IP_FROM).stream().flatMap(List::stream).toList();
        return new ClaimsConfig(trusted, server.value(REAL_IP_HEADER),
                server.value(REAL_IP_RECURSIVE));
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
            if (name.equals("proxy_protocol")) {
                throw BadValue.notBuilt(name);
            }
            FieldTypes.checkName(name, true);
            return name;
        }
    }
}
