package dev.sluice.common.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sluice.common.config.ServerNameConfig.Kind;
import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The types of values that say where clients come in: addresses, host names, client networks. */
final class AddressTypes {

    static final ValueType<ListenConfig> LISTEN = new Listen();
    static final ValueType<List<ServerNameConfig>> SERVER_NAMES = new ServerNames();
    static final ValueType<List<String>> NETWORKS = new Networks();

    private AddressTypes() {
    }

    /** No name is resolved: an address is literal, so that a start never waits for the network. */
    private static final class Listen implements ValueType<ListenConfig> {

        private static final List<String> OPTIONS = List.of("backlog=", "default_server", "ssl",
                "proxy_protocol", "auto", "udp", "fastopen=", "deferred", "so_keepalive=",
                "ipv6only=", "rcvbuf=", "sndbuf=");
        private static final List<String> NOT_SUPPORTED = List.of("quic", "http3", "multipath");
        private static final int BUFFER_BYTES_MIN = 4096;
        private static final int BUFFER_BYTES_MAX = 1 << 28;

        @Override
        public String name() {
            return "an address";
        }

        @Override
        public String form() {
            return "ADDRESS:PORT, [IPV6]:PORT, PORT, *:PORT or unix:PATH, then backlog=N (default "
                    + ListenConfig.BACKLOG_DEFAULT + "), default_server, ssl, auto,"
                    + " udp, proxy_protocol and options such as fastopen=N";
        }

        @Override
        public ListenConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            List<String> rest = words.subList(1, words.size());
            if (rest.contains("reuseport")) {
                throw new BadValue("unknown parameter \"reuseport\"",
                        "leave it out: every worker has a socket of its own at all times");
            }
            if (rest.contains("http2")) {
                throw new BadValue("unknown parameter \"http2\"",
                        "it is a key of the server: http2 = on");
            }
            Options options = Options.of(rest, OPTIONS, NOT_SUPPORTED);
            int backlog = options.number("backlog=", 1, 65535, ListenConfig.BACKLOG_DEFAULT);
            boolean first = options.has("default_server");
            boolean auto = options.has("auto");
            boolean ssl = options.has("ssl") || auto;
            boolean proxied = options.has("proxy_protocol");
            if (auto && (proxied || options.has("ssl"))) {
                throw new BadValue("\"auto\" finds out about \""
                        + (proxied ? "proxy_protocol" : "ssl") + "\" by itself",
                        "leave that out");
            }
            boolean udp = options.has("udp");
            if (udp && (ssl || proxied || first || options.has("backlog=")
                    || options.has("fastopen=") || options.has("deferred")
                    || options.has("so_keepalive="))) {
                throw new BadValue("\"udp\" has no connections",
                        "leave all but rcvbuf and sndbuf out");
            }
            if (!options.flag("ipv6only=", true)) {
                throw new BadValue("\"ipv6only\" is always on",
                        "listen at 0.0.0.0 as well for IPv4");
            }
            ListenOptions socket = new ListenOptions(options.number("fastopen=", 0, 65535, 0),
                    options.has("deferred"), options.flag("so_keepalive=", false),
                    bufferBytes(options, "rcvbuf="), bufferBytes(options, "sndbuf="));
            String address = words.getFirst();
            if (address.startsWith("unix:")) {
                String path = value.socketPath(address.substring(5));
                if (udp || !socket.equals(ListenOptions.NONE)) {
                    throw new BadValue("a unix socket has no options but its backlog");
                }
                return new ListenConfig(value.at(), null, 0, path, backlog, first, ssl, proxied,
                        auto, false, socket);
            }
            HostPort at = inet(address);
            int port = at.port() < 0 ? 80 : at.port();
            return new ListenConfig(value.at(), at.host(), port, null, backlog, first, ssl,
                    proxied, auto, udp, socket);
        }

        private static int bufferBytes(Options options, String name) throws BadValue {
            return (int) options.bytes(name, BUFFER_BYTES_MIN, BUFFER_BYTES_MAX, 0);
        }

        private static HostPort inet(String address) throws BadValue {
            if (address.chars().allMatch(Character::isDigit)) {
                return new HostPort("0.0.0.0", HostPort.port(address, 0), true);
            }
            boolean any = address.equals("*") || address.startsWith("*:");
            HostPort at = HostPort.parse(any ? "0.0.0.0" + address.substring(1) : address, 0);
            if (!at.literal()) {
                throw new BadValue("\"" + at.host() + "\" is not a literal address",
                        "write the address, for instance 127.0.0.1:" + Math.max(at.port(), 80));
            }
            return at;
        }

        @Override
        public String effective(Value value, ListenConfig parsed) {
            if (parsed.udp()) {
                return Words.quote(parsed.key().substring(ListenConfig.UDP.length())) + " udp"
                        + effective(parsed.options());
            }
            String address = Words.quote(parsed.key()) + " backlog=" + parsed.backlog();
            return address + (parsed.defaultServer() ? " default_server" : "")
                    + (parsed.auto() ? " auto" : parsed.ssl() ? " ssl" : "")
                    + (parsed.proxyProtocol() ? " proxy_protocol" : "")
                    + effective(parsed.options());
        }

        private static String effective(ListenOptions socket) {
            return (socket.fastOpen() > 0 ? " fastopen=" + socket.fastOpen() : "")
                    + (socket.deferred() ? " deferred" : "")
                    + (socket.keepAlive() ? " so_keepalive=on" : "")
                    + (socket.receiveBufferBytes() > 0
                            ? " rcvbuf=" + socket.receiveBufferBytes() : "")
                    + (socket.sendBufferBytes() > 0 ? " sndbuf=" + socket.sendBufferBytes() : "");
        }
    }

    /** Several names in one value, compared in lower case. */
    private static final class ServerNames implements ValueType<List<ServerNameConfig>> {

        @Override
        public String name() {
            return "host names";
        }

        @Override
        public String form() {
            return "host names: example.com, *.example.com, .example.com, www.*, _ or ~REGEX";
        }

        @Override
        public List<ServerNameConfig> parse(Value value) throws BadValue {
            List<ServerNameConfig> names = new ArrayList<>();
            for (String word : value.words()) {
                add(word, names);
            }
            return names;
        }

        private static void add(String word, List<ServerNameConfig> names) throws BadValue {
            String lower = word.toLowerCase(Locale.ROOT);
            if (word.startsWith("~")) {
                compile(word.substring(1), true);
                names.add(new ServerNameConfig(word.substring(1), Kind.REGEX));
            } else if (lower.isEmpty() || lower.equals("_")) {
                names.add(new ServerNameConfig(lower, Kind.EXACT));
            } else if (lower.startsWith("*.")) {
                checkName(word, lower.substring(2));
                names.add(new ServerNameConfig(lower, Kind.LEADING_WILDCARD));
            } else if (lower.startsWith(".")) {
                checkName(word, lower.substring(1));
                names.add(new ServerNameConfig(lower.substring(1), Kind.EXACT));
                names.add(new ServerNameConfig("*" + lower, Kind.LEADING_WILDCARD));
            } else if (lower.endsWith(".*")) {
                checkName(word, lower.substring(0, lower.length() - 2));
                names.add(new ServerNameConfig(lower, Kind.TRAILING_WILDCARD));
            } else {
                checkName(word, lower);
                names.add(new ServerNameConfig(lower, Kind.EXACT));
            }
        }

        private static void checkName(String word, String name) throws BadValue {
            String inner = name.startsWith("[") && name.endsWith("]")
                    ? name.substring(1, name.length() - 1) : name;
            if (IpLiteral.parse(inner) != null) {
                return;
            }
            if (name.indexOf('*') >= 0) {
                throw new BadValue("\"" + word + "\" has a * in the middle",
                        "a * stands for whole labels at the beginning or the end; else use ~REGEX");
            }
            if (name.indexOf(':') >= 0 || name.indexOf('/') >= 0) {
                throw new BadValue("\"" + word + "\" is not a host name",
                        "leave scheme, port and path out: the port stands in \"listen\"");
            }
            if (name.chars().anyMatch(c -> c > 127)) {
                throw new BadValue("\"" + word + "\" is not ASCII",
                        "write \"" + IDN.toASCII(name) + "\"");
            }
            HostPort.checkName(name);
        }
    }

    /** Networks in CIDR form, host bits cleared; a lone address gets its full length. */
    private static final class Networks implements ValueType<List<String>> {

        @Override
        public String name() {
            return "networks";
        }

        @Override
        public String form() {
            return "networks: 127.0.0.1, 10.0.0.0/8, ::1, fd00::/8, unix: or all";
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            List<String> networks = new ArrayList<>();
            for (String word : value.words()) {
                boolean named = word.equals(AccessRule.ALL) || word.equals(AccessRule.UNIX);
                networks.add(named ? word : network(word));
            }
            return networks;
        }

        private static String network(String word) throws BadValue {
            int slash = word.indexOf('/');
            byte[] address = IpLiteral.parse(slash < 0 ? word : word.substring(0, slash));
            if (address == null) {
                throw new BadValue("\"" + word + "\" is not a network");
            }
            int bitsMax = address.length * 8;
            // Java reads ::ffff:10.0.0.0 as the IPv4 address; its length counts from the 96 bits.
            int skipped = address.length == 4 && word.indexOf(':') >= 0 ? 96 : 0;
            int bits = slash < 0 ? bitsMax
                    : Scalars.number(word.substring(slash + 1), skipped, skipped + bitsMax)
                            - skipped;
            for (int bit = bits; bit < bitsMax; bit++) {
                address[bit / 8] &= (byte) ~(0x80 >> bit % 8);
            }
            return IpLiteral.format(address) + "/" + bits;
        }
    }

    /** The words in CIDR form; {@code unix:} as it is, {@code all} as the three it stands for. */
    static List<String> networks(List<String> words) throws BadValue {
        List<String> networks = new ArrayList<>();
        for (String word : words) {
            if (word.equals(AccessRule.ALL)) {
                networks.addAll(List.of("0.0.0.0/0", "::/0", AccessRule.UNIX));
            } else {
                networks.add(word.equals(AccessRule.UNIX) ? word : Networks.network(word));
            }
        }
        return networks;
    }

    /** Compiles as the worker will: RE2, so that no pattern can take exponential time. */
    static Pattern compile(String regex, boolean caseless) throws BadValue {
        if (regex.isEmpty()) {
            throw new BadValue("the regular expression is empty");
        }
        try {
            Pattern pattern = Pattern.compile(regex, caseless ? Pattern.CASE_INSENSITIVE : 0);
            for (String group : pattern.namedGroups().keySet()) {
                if (KnownVariables.isBuiltIn(group)) {
                    throw new BadValue("the group \"" + group + "\" in \"" + regex
                            + "\" has the name of a variable", "name the group otherwise");
                }
            }
            return pattern;
        } catch (PatternSyntaxException e) {
            String cure = regex.contains("(?=") || regex.contains("(?!") || regex.contains("(?<")
                    ? "look-around and back references do not exist in RE2 syntax" : null;
            throw new BadValue("bad regular expression \"" + regex + "\": " + e.getDescription(),
                    cure);
        }
    }
}
