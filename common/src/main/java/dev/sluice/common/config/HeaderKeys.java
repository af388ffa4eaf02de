package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.LOCATION;
import static dev.sluice.common.config.SectionKind.SERVER;

import java.util.ArrayList;
import java.util.List;

/** The part of the table for fields of requests and answers. Written at boot, then read-only. */
public final class HeaderKeys {

    public static final ConfigKey<HeaderRule> ADD_HEADER = ConfigKey.list(
            "add_header", FieldTypes.ADD,
            "A field added to answers below 400, with always to every answer. Lists merge from"
                    + " [http] inwards; a name given again replaces the outer ones.",
            HTTP, SERVER, LOCATION).shows("X-Content-Type-Options nosniff always");

    public static final ConfigKey<HeaderRule> SET_HEADER = ConfigKey.list(
            "set_header", FieldTypes.SET_ANSWER,
            "A field of answers below 400, with always of every answer, in place of all of that"
                    + " name that the peer or Sluice itself would send; an empty value only removes"
                    + " them. $sent_http_NAME is what would be sent. Lists merge from [http]"
                    + " inwards; a name given again replaces the outer one.",
            HTTP, SERVER, LOCATION).shows("Server \"\" always", "X-Frame-Options DENY");

    public static final ConfigKey<ExpiresConfig> EXPIRES = ConfigKey.single("expires",
            new ExpiresType(), "off",
            "How long clients may keep answers below 400: Expires and Cache-Control take the place"
                    + " of those that are there. A time counts from the answer, or from"
                    + " Last-Modified; @TIME is the next time of that day, local. Past times, -1"
                    + " and epoch say no-cache; max is ten years, off changes nothing, nor does a"
                    + " variable that says none of this. Where set_header gives one of the two,"
                    + " neither is written; what add_header gives stands beside them.",
            HTTP, SERVER, LOCATION).shows("30d", "modified +24h", "@15h30m", "$sent_http_x_ttl");

    public static final ConfigKey<String> CHARSET = ConfigKey.single("charset",
            new CharsetConfig.Type(), "off",
            "The charset that is said of answers whose type is one of charset_types, without"
                    + " parameters: files, texts of return, pages for errors, and what peers"
                    + " send. Bodies stay as they are; off says none.",
            HTTP, SERVER, LOCATION).shows("utf-8");

    public static final ConfigKey<List<String>> CHARSET_TYPES = ConfigKey.single("charset_types",
            new MediaTypeList(), "text/plain text/xml text/javascript application/javascript"
                    + " application/rss+xml",
            "The media types that charset is said of; text/html always is one. * stands for all.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<HeaderRule> PROXY_SET_HEADER = ConfigKey.list("proxy_set_header",
            FieldTypes.SET, "A field of the forwarded request in place of the client's; an empty"
                    + " value removes it. Lists merge from [http] inwards; a name given again"
                    + " replaces the outer one.",
            HTTP, SERVER, LOCATION).shows("X-Request-ID $request_id");

    public static final ConfigKey<HeaderRule> PROXY_ADD_HEADER = ConfigKey.list("proxy_add_header",
            FieldTypes.ADD_REQUEST, "A field of the forwarded request beside those of that name"
                    + " which the client sent; with an empty value none is added. Lists merge from"
                    + " [http] inwards; a name given again replaces the outer ones.",
            HTTP, SERVER, LOCATION).shows("X-Passed-By $hostname");

    public static final ConfigKey<Boolean> PROXY_PASS_REQUEST_HEADERS = ConfigKey.single(
            "proxy_pass_request_headers", Scalars.FLAG, "on",
            "Whether the fields of the client are forwarded; off leaves those that Sluice writes"
                    + " and those of the rules.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<List<String>> PROXY_HIDE_HEADER = ConfigKey.list(
            "proxy_hide_header",
            FieldTypes.NAMES, "Fields of the peer's answer that clients do not get, beside"
                    + " X-Accel-* and X-Pad. Of X-Accel-* only X-Accel-Expires has a meaning here,"
                    + " for a cache: X-Accel-Redirect sends nobody to another location, the"
                    + " client gets"
                    + " the answer that has it. Lists merge from [http] inwards.",
            HTTP, SERVER, LOCATION).shows("X-Powered-By");

    public static final ConfigKey<List<String>> PROXY_PASS_HEADER = ConfigKey.list(
            "proxy_pass_header",
            FieldTypes.PASSED, "Fields of the peer's answer that clients get although they are"
                    + " hidden: Server and Date in place of Sluice's own, X-Accel-*, or a name that"
                    + " proxy_hide_header has. Lists merge from [http] inwards.",
            HTTP, SERVER, LOCATION).shows("Server");

    public static final ConfigKey<Boolean> PROXY_PASS_FORWARDED = ConfigKey.single(
            "proxy_pass_forwarded", Scalars.FLAG, "off",
            "Whether X-Forwarded-*, X-Real-IP and Forwarded of every client are believed and"
                    + " extended; off removes them, but for those of set_real_ip_from.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<ProxyHeadersConfig.Forwarded> PROXY_FORWARDED = ConfigKey.single(
            "proxy_forwarded", new Scalars.Choice<>(ProxyHeadersConfig.Forwarded.class),
            "x_forwarded",
            "How a peer is told of the client's connection: by X-Forwarded-For, -Proto and -Host,"
                    + " by Forwarded (RFC 7239), by both or not at all. The address is the"
                    + " connection's: behind what a trusted proxy sent (set_real_ip_from,"
                    + " proxy_pass_forwarded), in place of what others sent. Of a connection with a"
                    + " PROXY header it is the one that the header names; the socket's, where the"
                    + " list ends with that address already.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<RedirectConfig> PROXY_REDIRECT = ConfigKey.list("proxy_redirect",
            new RedirectConfig.Type(),
            "Changes how URLs in Location and Refresh of a peer begin; the first rule that fits is"
                    + " taken. An expression (RE2) gives the whole URL anew, with its groups as $1"
                    + " to $9. default puts the location's path in place of the URL of proxy_pass"
                    + " and holds where nothing else is said. A section's own rules replace the"
                    + " inherited ones.", HTTP, SERVER, LOCATION)
            .shows("default", "http://app.internal:8080/ $scheme://$host/",
                    "~^http://[^/]+:8080/(.*)$ https://$host/$1");

    public static final ConfigKey<CookieRuleConfig> PROXY_COOKIE_DOMAIN = ConfigKey.list(
            "proxy_cookie_domain",
            new CookieRuleConfig.Type(
                    "a Domain, ~REGEX or ~*REGEX, and what takes its place, or off"),
            "Changes the Domain of cookies that a peer sets, where it is this one in any case and"
                    + " with or without a dot in front; the first rule that fits is taken. An"
                    + " expression (RE2) gives it anew, with its groups as $1 to $9. A section's"
                    + " own rules replace the inherited ones.", HTTP, SERVER, LOCATION)
            .shows("app.internal example.com");

    public static final ConfigKey<CookieRuleConfig> PROXY_COOKIE_PATH = ConfigKey.list(
            "proxy_cookie_path",
            new CookieRuleConfig.Type("the beginning of a Path, ~REGEX or ~*REGEX, and what takes"
                    + " its place, or off"),
            "Changes how the Path of cookies that a peer sets begins; the first rule that fits is"
                    + " taken. An expression (RE2) gives the whole Path anew, with its groups as $1"
                    + " to $9. A section's own rules replace the inherited ones.",
            HTTP, SERVER, LOCATION).shows("/app/ /", "~^/app/([^/]+) /$1");

    static final List<ConfigKey<?>> ALL = List.of(ADD_HEADER, SET_HEADER, EXPIRES, CHARSET,
            CHARSET_TYPES, PROXY_SET_HEADER, PROXY_ADD_HEADER,
            PROXY_PASS_REQUEST_HEADERS, PROXY_HIDE_HEADER, PROXY_PASS_HEADER,
            PROXY_PASS_FORWARDED, PROXY_FORWARDED, PROXY_REDIRECT, PROXY_COOKIE_DOMAIN,
            PROXY_COOKIE_PATH);

    /** The lists that {@code clear = header} stands for. */
    private static final List<ConfigKey<?>> LISTS = List.of(ADD_HEADER, SET_HEADER,
            PROXY_SET_HEADER, PROXY_ADD_HEADER, PROXY_HIDE_HEADER, PROXY_PASS_HEADER);

    private HeaderKeys() {
    }

    /** Names of lists that merge: all of fields by one word, or each by its own. */
    static final class ClearType implements ValueType<List<String>> {

        private static final String HEADER = "header";

        private static List<String> lists() {
            return LISTS.stream().map(ConfigKey::name).toList();
        }

        private static List<String> known() {
            List<String> known = new ArrayList<>(List.of(HEADER));
            known.addAll(lists());
            known.add("error_page");
            return known;
        }

        @Override
        public String name() {
            return "names of lists";
        }

        @Override
        public String form() {
            return "some of " + String.join(", ", known());
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            List<String> cleared = new ArrayList<>();
            for (String word : value.words()) {
                if (!known().contains(word)) {
                    throw Scalars.unknownWord(word, known());
                }
                cleared.addAll(word.equals(HEADER) ? lists() : List.of(word));
            }
            return cleared;
        }
    }
}
