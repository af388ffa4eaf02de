package dev.sluice.common.config;

import dev.sluice.common.config.BalanceConfig.Method;
import java.util.List;
import java.util.Locale;

/** The types of values that say which peer is next: balance, sticky, queue. */
final class BalanceTypes {

    static final ValueType<BalanceConfig> BALANCE = new Balance();
    static final ValueType<StickyConfig> STICKY = new Sticky();
    static final ValueType<QueueConfig> QUEUE = new Queue();
    static final ValueType<CircuitConfig> CIRCUIT = new Circuit();

    /** Stands for "off", which a key without a value means too. */
    static final StickyConfig NO_STICKY = new StickyConfig("", 0, null, null, false, false, null);
    static final QueueConfig NO_QUEUE = new QueueConfig(0, 0);
    static final CircuitConfig NO_CIRCUIT = new CircuitConfig(0, 0);

    private static final int BOUND_DEFAULT_PERCENT = 125;
    private static final long QUEUE_TIMEOUT_DEFAULT_MS = 5_000;
    private static final long CIRCUIT_OPEN_DEFAULT_MS = 10_000;
    private static final long YEAR_MS = 366L * 86_400_000;

    private BalanceTypes() {
    }

    private static final class Balance implements ValueType<BalanceConfig> {

        private static final List<String> WORDS = List.of(
                "round_robin", "least_conn", "random", "ewma", "ip_hash", "hash",
                "module");

        @Override
        public String name() {
            return "a method";
        }

        @Override
        public String form() {
            return "round_robin, least_conn, random two, ewma, ip_hash,"
                    + " hash KEY consistent [bound=125] or module NAME [KEY]";
        }

        @Override
        public BalanceConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            String method = words.getFirst();
            List<String> rest = words.subList(1, words.size());
            if (method.equals("least_time")) {
                throw new BadValue("\"least_time\" has another name here", "write ewma");
            }
            if (!WORDS.contains(method)) {
                throw new BadValue("unknown method \"" + method + "\"", "expected " + form());
            }
            if (method.equals("hash")) {
                return hash(rest);
            }
            if (method.equals("module")) {
                if (rest.isEmpty() || rest.size() > 2) {
                    throw new BadValue("\"module\" stands with the name of a module's balancer",
                            "write module NAME, and behind it a text to choose by");
                }
                return new BalanceConfig(Method.MODULE,
                        rest.size() == 1 ? null : KnownVariables.check(rest.get(1)), 0,
                        rest.getFirst());
            }
            if (method.equals("random")) {
                if (!rest.equals(List.of("two"))) {
                    throw new BadValue("\"random\" stands with \"two\" alone",
                            "write random two: the less busy one of two that are drawn");
                }
                return BalanceConfig.of(Method.RANDOM_TWO);
            }
            if (!rest.isEmpty()) {
                throw new BadValue("\"" + method + "\" takes no parameter");
            }
            return BalanceConfig.of(Method.valueOf(method.toUpperCase(Locale.ROOT)));
        }

        private static BalanceConfig hash(List<String> words) throws BadValue {
            if (words.isEmpty()) {
                throw new BadValue("\"hash\" has no key", "write hash $request_uri consistent");
            }
            String key = KnownVariables.check(words.getFirst());
            if (key.indexOf('$') < 0) {
                throw new BadValue("the key \"" + key + "\" has no variable",
                        "it would be one peer for all requests");
            }
            Options options = Options.of(
                    words.subList(1, words.size()), List.of("consistent", "bound="), List.of());
            if (!options.has("consistent")) {
                throw new BadValue("\"hash\" stands without \"consistent\"",
                        "add consistent: a peer that comes or goes moves its own keys only");
            }
            int bound = options.isOff("bound=") ? 0
                    : options.number("bound=", 101, 1000, BOUND_DEFAULT_PERCENT);
            return new BalanceConfig(Method.HASH, key, bound, null);
        }
    }

    private static final class Sticky implements ValueType<StickyConfig> {

        private static final List<String> OPTIONS = List.of(
                "expires=", "path=", "domain=", "httponly", "secure", "samesite=");
        private static final List<String> SAME_SITE = List.of("strict", "lax", "none");

        @Override
        public String name() {
            return "a cookie";
        }

        @Override
        public String form() {
            return "off, or cookie NAME [expires=1h] [path=/] [domain=HOST] [httponly] [secure]"
                    + " [samesite=lax]";
        }

        @Override
        public StickyConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            if (words.equals(List.of("off"))) {
                return NO_STICKY;
            }
            String kind = words.getFirst();
            if (kind.equals("route") || kind.equals("learn")) {
                throw BadValue.notSupported(kind);
            }
            if (!kind.equals("cookie") || words.size() < 2) {
                throw new BadValue("\"" + kind + "\" is no way to tell a client's peer");
            }
            String cookie = words.get(1);
            if (!cookie.chars().allMatch(Sticky::isToken)) {
                throw new BadValue("\"" + cookie + "\" is not a name of a cookie");
            }
            Options options = Options.of(words.subList(2, words.size()), OPTIONS, List.of());
            String sameSite = options.text("samesite=");
            if (sameSite != null && !SAME_SITE.contains(sameSite)) {
                throw Scalars.unknownWord(sameSite, SAME_SITE);
            }
            if ("none".equals(sameSite) && !options.has("secure")) {
                throw new BadValue("browsers drop a cookie of samesite=none that is not secure",
                        "add secure");
            }
            return new StickyConfig(cookie, options.millis("expires=", 1000, YEAR_MS, 0),
                    attribute(options, "path="), attribute(options, "domain="),
                    options.has("httponly"), options.has("secure"), sameSite == null ? null
                            : Character.toUpperCase(sameSite.charAt(0)) + sameSite.substring(1));
        }

        /** RFC 6265 section 4.1.1: neither a control character nor the end of the attribute. */
        private static String attribute(Options options, String name) throws BadValue {
            String text = options.text(name);
            if (text != null && !text.chars().allMatch(c -> c > ' ' && c < 127 && c != ';')) {
                throw new BadValue("\"" + text + "\" cannot stand in a cookie");
            }
            return text;
        }

        private static boolean isToken(int c) {
            return c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
    }

    private static final class Queue implements ValueType<QueueConfig> {

        @Override
        public String name() {
            return "a queue";
        }

        @Override
        public String form() {
            return "off, or a number from 1 to 1000000 [timeout=5s]";
        }

        @Override
        public QueueConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            if (words.equals(List.of("off"))) {
                return NO_QUEUE;
            }
            Options options = Options.of(
                    words.subList(1, words.size()), List.of("timeout="), List.of());
            return new QueueConfig(Scalars.number(words.getFirst(), 1, 1_000_000),
                    options.millis("timeout=", 1, 3_600_000, QUEUE_TIMEOUT_DEFAULT_MS));
        }
    }

    private static final class Circuit implements ValueType<CircuitConfig> {

        @Override
        public String name() {
            return "a circuit";
        }

        @Override
        public String form() {
            return "off, or a number from 1 to 1000000 [open=10s]";
        }

        @Override
        public CircuitConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            if (words.equals(List.of("off"))) {
                return NO_CIRCUIT;
            }
            Options options = Options.of(
                    words.subList(1, words.size()), List.of("open="), List.of());
            return new CircuitConfig(Scalars.number(words.getFirst(), 1, 1_000_000),
                    options.millis("open=", 1, 3_600_000, CIRCUIT_OPEN_DEFAULT_MS));
        }
    }
}
