package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.LOCATION;
import static dev.sluice.common.config.SectionKind.SERVER;

import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** The part of the table for keeping clients to https. Written at boot, then read-only. */
public final class HttpsKeys {

    private static final String OFF = "off";
    private static final String ON = "on";
    private static final String FIELD = "Strict-Transport-Security";

    public static final ConfigKey<String> HTTPS_REDIRECT = ConfigKey.single("https_redirect",
            new Scalars.Keyword(List.of(OFF, ON, "301", "308"), List.of()), OFF,
            "Whether requests that come without TLS are sent to the same place with https: with"
                    + " this status, or (on) 301 for GET and HEAD and 308 for others, which keeps"
                    + " method and body. A trusted proxy (set_real_ip_from) may say by"
                    + " X-Forwarded-Proto that they came with TLS. A location below"
                    + " /.well-known/acme-challenge/ answers without it.", SERVER, LOCATION);

    public static final ConfigKey<String> HSTS = ConfigKey.single("hsts", new Hsts(), OFF,
            "Strict-Transport-Security (RFC 6797) on all answers over TLS, errors too, in place of"
                    + " a peer's: for so many seconds browsers ask this name by https alone. It is"
                    + " left out where the client has asked for an address instead of a name.",
            HTTP, SERVER, LOCATION)
            .shows("max-age=63072000 includeSubDomains", "max-age=31536000");

    static final List<ConfigKey<?>> ALL = List.of(HTTPS_REDIRECT, HSTS);

    private HttpsKeys() {
    }

    static HttpsConfig check(Scope scope, Problems problems) {
        String redirect = scope.kind == HTTP ? OFF : scope.value(HTTPS_REDIRECT);
        String hsts = scope.value(HSTS);
        if (redirect.equals(OFF) && hsts.equals(OFF)) {
            return HttpsConfig.NONE;
        }
        if (!hsts.equals(OFF)) {
            refuseTwice(scope, HeaderKeys.ADD_HEADER, problems);
            refuseTwice(scope, HeaderKeys.SET_HEADER, problems);
        }
        return switch (redirect) {
            case OFF -> new HttpsConfig(0, 0, hsts);
            case ON -> new HttpsConfig(301, 308, hsts.equals(OFF) ? null : hsts);
            default -> new HttpsConfig(Integer.parseInt(redirect), Integer.parseInt(redirect),
                    hsts.equals(OFF) ? null : hsts);
        };
    }

    /** A browser obeys the first of two, whichever that is (RFC 6797 §8.1). */
    private static void refuseTwice(Scope scope, ConfigKey<HeaderRule> key, Problems problems) {
        for (HeaderRule rule : scope.merged(key, one -> one.name().toLowerCase(Locale.ROOT))) {
            if (rule.name().equalsIgnoreCase(FIELD)) {
                problems.error(scope.nearest(HSTS).own(HSTS).getFirst().value().at(), "\""
                        + key.name() + "\" of \"" + rule.name() + "\" stands beside \"hsts\"",
                        "leave one of them out");
            }
        }
    }

    /** The directives of RFC 6797 §6.1, with or without semicolons between them. */
    private static final class Hsts implements ValueType<String> {

        private static final String MAX_AGE = "max-age";
        private static final String SUBDOMAINS = "includeSubDomains";
        private static final String PRELOAD = "preload";
        /** What those who keep the list of browsers ask for: a year. */
        private static final long PRELOAD_SECONDS_MIN = 31_536_000;
        private static final int DIGITS_MAX = 10;

        @Override
        public String name() {
            return "directives";
        }

        @Override
        public String form() {
            return "max-age=SECONDS, includeSubDomains and preload; or off";
        }

        @Override
        public String parse(Value value) throws BadValue {
            TreeMap<String, String> given = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (String part : String.join(";", value.words()).split(";")) {
                String word = part.strip();
                if (word.equals(OFF) && value.words().size() == 1) {
                    return OFF;
                }
                int equals = word.indexOf('=');
                String name = equals < 0 ? word : word.substring(0, equals);
                if (!word.isEmpty() && given.put(name, equals < 0 ? ""
                        : word.substring(equals + 1)) != null) {
                    throw new BadValue("\"" + name + "\" is there twice");
                }
            }
            long seconds = seconds(given.remove(MAX_AGE));
            StringBuilder text = new StringBuilder(MAX_AGE).append('=').append(seconds);
            boolean subdomains = takes(given, SUBDOMAINS, text);
            if (takes(given, PRELOAD, text)
                    && (!subdomains || seconds < PRELOAD_SECONDS_MIN)) {
                throw new BadValue("\"preload\" needs includeSubDomains and a max-age of at least "
                        + PRELOAD_SECONDS_MIN, "lists of browsers take no other names");
            }
            if (!given.isEmpty()) {
                throw Scalars.unknownWord(given.firstKey(), List.of(MAX_AGE, SUBDOMAINS, PRELOAD));
            }
            return text.toString();
        }

        private static boolean takes(TreeMap<String, String> given, String name,
                StringBuilder text) throws BadValue {
            String value = given.remove(name);
            if (value != null && !value.isEmpty()) {
                throw new BadValue("\"" + name + "\" has a value", "write the name alone");
            }
            if (value != null) {
                text.append("; ").append(name);
            }
            return value != null;
        }

        private static long seconds(String text) throws BadValue {
            if (text == null) {
                throw new BadValue("there is no max-age",
                        "say how long, in seconds: max-age=63072000");
            }
            if (text.isEmpty() || text.length() > DIGITS_MAX
                    || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new BadValue("\"max-age=" + text + "\" is not a number of seconds",
                        "two years are max-age=63072000");
            }
            return Long.parseLong(text);
        }
    }
}
