package dev.sluice.common.config;

import dev.sluice.common.config.RetryConfig.RetryOn;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The types of values that say where requests go: peers, proxy_pass, retries. */
final class UpstreamTypes {

    static final ValueType<PeerConfig> PEER = new Peer();
    static final ValueType<ProxyPass> PROXY_PASS = new ProxyPassType("http://", "https://");
    static final ValueType<ProxyPass> GRPC_PASS = new ProxyPassType("grpc://", "grpcs://");

    /** Stands for "tries was not written". */
    static final int TRIES_UNSET = 0;

    static final int MAX_FAILS_DEFAULT = 5;
    static final long FAIL_TIMEOUT_DEFAULT_MS = 10_000;

    static final int ADDRESSES_DEFAULT = 16;
    static final int ADDRESSES_MAX = 256;

    private UpstreamTypes() {
    }

    /** Host names stay names here: they are resolved by the workers, who may fail to. */
    private static final class Peer implements ValueType<PeerConfig> {

        private static final List<String> OPTIONS = List.of(
                "weight=", "max_fails=", "fail_timeout=", "max_conns=", "slow_start=", "backup",
                "down", "drain", "resolve", "resolve=", "service=");
        private static final List<String> NOT_SUPPORTED = List.of("route");

        @Override
        public String name() {
            return "a peer";
        }

        @Override
        public String form() {
            return "HOST:PORT or unix:PATH, then weight=1 max_fails=" + MAX_FAILS_DEFAULT
                    + " fail_timeout=" + Millis.format(FAIL_TIMEOUT_DEFAULT_MS)
                    + " max_conns=0 slow_start=0s backup down drain resolve service=NAME";
        }

        @Override
        public PeerConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            Options options = Options.of(words.subList(1, words.size()), OPTIONS, NOT_SUPPORTED);
            String text = words.getFirst();
            String unixPath = null;
            HostPort at = null;
            if (text.startsWith("unix:")) {
                unixPath = value.socketPath(text.substring(5));
            } else if (text.contains("://")) {
                throw new BadValue("\"" + text + "\" is not an address", "leave the scheme out");
            } else {
                at = HostPort.parse(text, 1);
            }
            String service = service(options, at);
            return new PeerConfig(value.at(), unixPath == null ? text : "unix:" + unixPath,
                    at == null ? null : at.host(), at == null ? 0 : portOf(at), unixPath,
                    options.number("weight=", 1, 65535, 1),
                    options.number("max_fails=", 0, 100_000, MAX_FAILS_DEFAULT),
                    options.millis("fail_timeout=", 1, 86_400_000, FAIL_TIMEOUT_DEFAULT_MS),
                    options.number("max_conns=", 0, 1_000_000, 0),
                    options.has("backup"), options.has("down"),
                    options.millis("slow_start=", 0, 86_400_000, 0), options.has("drain"),
                    addressesMax(options, at, service), service);
        }

        private static int addressesMax(Options options, HostPort at, String service)
                throws BadValue {
            boolean resolve = options.has("resolve") || options.has("resolve=");
            if (resolve && (at == null || at.literal())) {
                throw new BadValue("\"resolve\" needs a host name", "leave it out");
            }
            if (service != null && !resolve) {
                throw new BadValue("\"service\" needs \"resolve\"", "add resolve");
            }
            return !resolve ? 0 : options.number("resolve=", 1, ADDRESSES_MAX, ADDRESSES_DEFAULT);
        }

        /** RFC 2782 gives the protocol as a second label; a lone name means TCP, as in nginx. */
        private static String service(Options options, HostPort at) throws BadValue {
            String service = options.text("service=");
            if (service == null || at == null) {
                return null;
            }
            if (at.port() >= 0) {
                throw new BadValue("with \"service\" the port comes from the SRV records",
                        "leave \":" + at.port() + "\" out");
            }
            HostPort.checkName(service);
            String labels = service.indexOf('.') >= 0 || service.startsWith("_")
                    ? service : "_" + service + "._tcp";
            return labels.toLowerCase(Locale.ROOT) + "." + at.host();
        }

        @Override
        public String effective(Value value, PeerConfig parsed) {
            if (parsed.unixPath() == null) {
                return value.text();
            }
            return Words.quote(parsed.text())
                    + " weight=" + parsed.weight() + " max_fails=" + parsed.maxFails()
                    + " fail_timeout=" + Millis.format(parsed.failTimeoutMs())
                    + " max_conns=" + parsed.maxConns()
                    + " slow_start=" + Millis.format(parsed.slowStartMs())
                    + (parsed.backup() ? " backup" : "") + (parsed.down() ? " down" : "")
                    + (parsed.drain() ? " drain" : "");
        }
    }

    private static int portOf(HostPort at) {
        return at.port() < 0 ? 80 : at.port();
    }

    /** The target is what stands between the slashes, as written; the uri is null without one. */
    record ProxyPass(
            String target, HostPort address, String unixPath, String uri, boolean secure) {

        /** Whether each request chooses by a variable; the target is a template then. */
        boolean isChosen() {
            return target.indexOf('$') >= 0;
        }

        /** One word without dot and port: a name that only an [upstream] can give a meaning. */
        boolean looksLikeUpstream() {
            return address != null && address.port() < 0 && !address.literal()
                    && address.host().indexOf('.') < 0 && !address.host().equals("localhost");
        }

        /** Told from the same host over plain HTTP, whose port is another one. */
        String directName() {
            return secure && address != null && address.port() < 0 ? target + ":443" : target;
        }

        /** The only peer of the upstream that stands for a direct address. */
        PeerConfig peer(SourceLine at) {
            int port = address == null ? 0
                    : secure && address.port() < 0 ? 443 : portOf(address);
            return new PeerConfig(at, directName(), address == null ? null : address.host(),
                    port, unixPath, 1, MAX_FAILS_DEFAULT,
                    FAIL_TIMEOUT_DEFAULT_MS, 0, false, false, 0, false, 0, null);
        }
    }

    /** A text with variables that names an upstream. */
    static ProxyPass chosen(String name, boolean secure) throws BadValue {
        if (name.indexOf('/') >= 0 || name.replace("${", "").indexOf(':') >= 0) {
            throw new BadValue("\"" + name + "\" is not the name of an upstream",
                    "a variable chooses among [upstream NAME]s: leave port and URI out, change"
                            + " the path by rewrite");
        }
        return new ProxyPass(KnownVariables.check(name), null, null, null, secure);
    }

    /** @param clear the scheme without TLS, and the one with it */
    private record ProxyPassType(String clear, String tls) implements ValueType<ProxyPass> {

        @Override
        public String name() {
            return "a URL";
        }

        @Override
        public String form() {
            return clear + " or " + tls + ", then UPSTREAM, HOST:PORT or unix:/PATH:, then an"
                    + " optional /URI; or a text with variables that names an UPSTREAM";
        }

        @Override
        public ProxyPass parse(Value value) throws BadValue {
            String url = value.word();
            boolean secure = url.startsWith(tls);
            if (!secure && !url.startsWith(clear)) {
                throw new BadValue("\"" + url + "\" does not begin with " + clear + " or " + tls,
                        "write " + clear + (url.contains("://") ? "HOST:PORT" : url));
            }
            String rest = url.substring(secure ? tls.length() : clear.length());
            if (rest.indexOf('$') >= 0) {
                return chosen(rest, secure);
            }
            if (rest.startsWith("unix:")) {
                int colon = rest.indexOf(':', 5);
                String path = value.socketPath(colon < 0 ? rest.substring(5)
                        : rest.substring(5, colon));
                String uri = colon < 0 || colon == rest.length() - 1
                        ? null : rest.substring(colon + 1);
                return new ProxyPass("unix:" + path, null, path, checkedUri(uri), secure);
            }
            int slash = rest.indexOf('/');
            String target = slash < 0 ? rest : rest.substring(0, slash);
            HostPort address = HostPort.parse(target, 1);
            String uri = slash < 0 ? null : rest.substring(slash);
            return new ProxyPass(target, address, null, checkedUri(uri), secure);
        }

        private static String checkedUri(String uri) throws BadValue {
            if (uri != null && !uri.startsWith("/")) {
                throw new BadValue("the URI \"" + uri + "\" does not begin with /");
            }
            if (uri != null && (uri.indexOf('?') >= 0 || uri.indexOf('#') >= 0
                    || uri.chars().anyMatch(c -> c <= ' ' || c > 126))) {
                throw new BadValue("the URI \"" + uri + "\" is not a plain path");
            }
            return uri;
        }

        @Override
        public String effective(Value value, ProxyPass parsed) {
            if (parsed.unixPath() == null) {
                return value.text();
            }
            String uri = parsed.uri() == null ? "" : parsed.uri();
            return Words.quote((parsed.secure() ? tls : clear) + parsed.target() + ":" + uri);
        }
    }

    /** Conditions; with {@code tries=N} where that has no key of its own. */
    record Retry(boolean withTries) implements ValueType<RetryConfig> {

        private static final List<String> NOT_SUPPORTED = List.of("invalid_header", "http_500",
                "http_403", "http_404", "http_429", "non_idempotent");

        @Override
        public String name() {
            return "conditions";
        }

        @Override
        public String form() {
            return "off, or some of error timeout http_502 http_503 http_504"
                    + (withTries ? ", then tries=2 budget=20%" : "");
        }

        @Override
        public RetryConfig parse(Value value) throws BadValue {
            List<String> known = new ArrayList<>();
            for (RetryOn on : RetryOn.values()) {
                known.add(Scalars.lower(on));
            }
            known.add("off");
            if (withTries) {
                known.add("tries=");
                known.add("budget=");
            }
            List<String> words = value.words();
            Options options = Options.of(words, known, NOT_SUPPORTED);
            if (options.has("off") && words.size() > 1) {
                throw new BadValue("\"off\" stands alone");
            }
            Set<RetryOn> conditions = EnumSet.noneOf(RetryOn.class);
            for (RetryOn on : RetryOn.values()) {
                if (options.has(Scalars.lower(on))) {
                    conditions.add(on);
                }
            }
            if (conditions.isEmpty() && !options.has("off")) {
                throw new BadValue("names no condition");
            }
            return new RetryConfig(conditions, options.number("tries=", 1, 100, TRIES_UNSET),
                    options.isOff("budget=") ? RetryConfig.NO_BUDGET : options.percent("budget=",
                            0, 100, RetryConfig.BUDGET_DEFAULT_PERCENT));
        }
    }
}
