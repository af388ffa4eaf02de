package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.LOCATION;
import static dev.sluice.common.config.SectionKind.SERVER;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The part of the table for requests of other origins (the CORS protocol of the Fetch standard).
 * Written at boot, then read-only.
 */
public final class CorsKeys {

    private static final String OFF = "off";
    private static final long DAY_MS = 86_400_000;
    private static final String WRITTEN_HERE = "access-control-";
    /** No key of ours says it (Private Network Access). */
    private static final String NOT_WRITTEN = "access-control-allow-private-network";

    public static final ConfigKey<List<String>> CORS_ALLOW_ORIGIN = ConfigKey.list(
            "cors_allow_origin", new Origins(),
            "Origins whose scripts may use the location: each as browsers write it, ~ and an"
                    + " expression (RE2) for the whole of it, or * for all. Preflights are then"
                    + " answered here, with 204 and before anybody is asked for a password; the"
                    + " peer's own Access-Control-* fields are dropped. A section's own list"
                    + " replaces the inherited one.", HTTP, SERVER, LOCATION)
            .shows("https://app.example.com", "~https://[a-z0-9-]+\\.example\\.org");

    public static final ConfigKey<List<String>> CORS_ALLOW_METHODS = ConfigKey.single(
            "cors_allow_methods", new Tokens("methods"), "GET HEAD POST",
            "Methods that a preflight permits, or *.", HTTP, SERVER, LOCATION)
            .shows("GET PUT DELETE");

    public static final ConfigKey<List<String>> CORS_ALLOW_HEADERS = ConfigKey.single(
            "cors_allow_headers", new Tokens("field names"), null,
            "Fields of requests that a preflight permits, or *, which does not stand for"
                    + " Authorization.", HTTP, SERVER, LOCATION)
            .shows("Authorization Content-Type");

    public static final ConfigKey<List<String>> CORS_EXPOSE_HEADERS = ConfigKey.single(
            "cors_expose_headers", new Tokens("field names"), null,
            "Fields of answers that scripts may read beside the usual ones, or *.",
            HTTP, SERVER, LOCATION).shows("X-Request-ID");

    public static final ConfigKey<Boolean> CORS_ALLOW_CREDENTIALS = ConfigKey.single(
            "cors_allow_credentials", Scalars.FLAG, "off",
            "Whether scripts may send cookies and passwords, and read what is answered to them.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> CORS_MAX_AGE = ConfigKey.single("cors_max_age",
            new Scalars.Time(0, DAY_MS), "10m",
            "How long browsers may keep the answer to a preflight.", HTTP, SERVER, LOCATION);

    static final List<ConfigKey<?>> ALL = List.of(CORS_ALLOW_ORIGIN, CORS_ALLOW_METHODS,
            CORS_ALLOW_HEADERS, CORS_EXPOSE_HEADERS, CORS_ALLOW_CREDENTIALS, CORS_MAX_AGE);

    private CorsKeys() {
    }

    /** Null where no other origin is allowed anything. */
    static CorsConfig check(Scope scope, Problems problems) {
        Scope holder = scope.nearest(CORS_ALLOW_ORIGIN);
        List<String> origins = holder == null ? List.of()
                : holder.ownValues(CORS_ALLOW_ORIGIN).stream().flatMap(List::stream).toList();
        if (origins.isEmpty() || origins.contains(OFF)) {
            return null;
        }
        CorsConfig cors = new CorsConfig(origins, scope.value(CORS_ALLOW_METHODS),
                listed(scope, CORS_ALLOW_HEADERS), listed(scope, CORS_EXPOSE_HEADERS),
                scope.value(CORS_ALLOW_CREDENTIALS), scope.value(CORS_MAX_AGE));
        if (cors.credentials()) {
            refuseAny(scope, cors, problems);
        }
        refuseOthers(scope, HeaderKeys.SET_HEADER, holder, problems);
        refuseOthers(scope, HeaderKeys.ADD_HEADER, holder, problems);
        return cors;
    }

    private static List<String> listed(Scope scope, ConfigKey<List<String>> key) {
        List<String> given = scope.given(key);
        return given == null ? List.of() : given;
    }

    /** Two voices on who may read an answer: browsers would refuse both, or obey either. */
    private static void refuseOthers(
            Scope scope, ConfigKey<HeaderRule> key, Scope holder, Problems problems) {
        for (HeaderRule rule : scope.merged(key, one -> one.name().toLowerCase(Locale.ROOT))) {
            String name = rule.name().toLowerCase(Locale.ROOT);
            if (name.startsWith(WRITTEN_HERE) && !name.equals(NOT_WRITTEN)) {
                SourceLine at = holder.own(CORS_ALLOW_ORIGIN).getFirst().value().at();
                for (Setting<HeaderRule> own : scope.nearest(key).own(key)) {
                    at = rule.equals(own.parsed()) ? own.value().at() : at;
                }
                problems.error(at, "\"" + key.name() + "\" of \"" + rule.name()
                        + "\" beside \"cors_allow_origin\", which writes such fields",
                        "say it with cors_allow_* alone, or with fields alone");
            }
        }
    }

    /** With credentials browsers take no asterisk for an answer (Fetch, CORS protocol). */
    private static void refuseAny(Scope scope, CorsConfig cors, Problems problems) {
        ConfigKey<?> wrong = cors.isForEverybody() ? CORS_ALLOW_ORIGIN
                : cors.methods().contains(CorsConfig.ANY) ? CORS_ALLOW_METHODS
                : cors.headers().contains(CorsConfig.ANY) ? CORS_ALLOW_HEADERS
                : cors.expose().contains(CorsConfig.ANY) ? CORS_EXPOSE_HEADERS : null;
        if (wrong != null) {
            Setting<?> setting = scope.nearest(wrong).own(wrong).getFirst();
            problems.error(setting.value().at(), "\"" + wrong.name()
                    + "\": * and cors_allow_credentials exclude each other in " + scope.title(),
                    wrong == CORS_ALLOW_ORIGIN ? "name the origins: any page could act for the"
                            + " visitors who are logged in" : "name them one by one");
        }
    }

    private static final class Origins implements ValueType<List<String>> {

        private static final Pattern ORIGIN = Pattern.compile(
                "[a-z][a-z0-9+.-]*://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(:[0-9]{1,5})?");

        @Override
        public String name() {
            return "origins";
        }

        @Override
        public String form() {
            return "origins such as https://example.com:8443 or ~https://[a-z]+\\.example\\.com, *"
                    + " for all, or off";
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            List<String> words = value.words();
            for (String word : words) {
                boolean alone = word.equals(CorsConfig.ANY) || word.equals(OFF);
                if (alone && words.size() > 1) {
                    throw new BadValue("\"" + word + "\" stands alone", "leave the others out");
                }
                if (word.startsWith(CorsConfig.REGEX)) {
                    AddressTypes.compile(word.substring(1), false);
                } else if (!alone) {
                    checkOrigin(word);
                }
            }
            return words;
        }

        private static void checkOrigin(String word) throws BadValue {
            if (!ORIGIN.matcher(word).matches()) {
                boolean upper = ORIGIN.matcher(word.toLowerCase(Locale.ROOT)).matches();
                throw new BadValue("\"" + word + "\" is not an origin", upper
                        ? "browsers write it in lower case"
                        : "scheme, host and port alone: https://example.com, no slash behind it");
            }
        }
    }

    /** Methods or names: tokens of RFC 9110, or an asterisk. */
    private record Tokens(String what) implements ValueType<List<String>> {

        @Override
        public String name() {
            return what;
        }

        @Override
        public String form() {
            return what + " separated by spaces, or *";
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            List<String> words = value.words();
            for (String word : words) {
                if (word.endsWith(",")) {
                    throw new BadValue("\"" + word + "\" ends with a comma",
                            "separate words by spaces alone");
                }
                FieldTypes.checkName(word, false);
                if (word.equals(CorsConfig.ANY) && words.size() > 1) {
                    throw new BadValue("\"*\" stands alone", "leave the others out");
                }
            }
            return words;
        }
    }
}
