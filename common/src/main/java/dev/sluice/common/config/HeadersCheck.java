package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Resolves what a section and those around it say of header fields. Owner: loading thread. */
final class HeadersCheck {

    private final Problems problems;
    private final Inherited<HeadersConfig> answers;
    private final Inherited<ProxyHeadersConfig> proxies;

    HeadersCheck(Problems problems) {
        this.problems = problems;
        answers = new Inherited<>(keys());
        proxies = new Inherited<>(keys());
    }

    /** All keys that decide about fields. */
    static List<ConfigKey<?>> keys() {
        List<ConfigKey<?>> keys = new ArrayList<>(HeaderKeys.ALL);
        keys.addAll(ClaimKeys.ALL);
        keys.addAll(CorsKeys.ALL);
        keys.addAll(HttpsKeys.ALL);
        keys.add(HttpKeys.CLEAR);
        keys.add(TlsKeys.CLIENT_CERT_FORWARD);
        return keys;
    }

    /** Rules with one name, in any case, are the same field. */
    private static Object fieldName(HeaderRule rule) {
        return rule.name().toLowerCase(Locale.ROOT);
    }

    /** For answers. */
    HeadersConfig answers(Scope scope) {
        HeadersConfig shared = answers.of(scope);
        return shared != null ? shared : answers.keep(scope, new HeadersConfig(
                scope.merged(HeaderKeys.ADD_HEADER, HeadersCheck::fieldName),
                scope.merged(HeaderKeys.SET_HEADER, HeadersCheck::fieldName),
                scope.value(HeaderKeys.EXPIRES), CharsetConfig.of(scope),
                CorsKeys.check(scope, problems), HttpsKeys.check(scope, problems)));
    }

    /** Between client and peer. */
    ProxyHeadersConfig proxy(Scope location) {
        ProxyHeadersConfig shared = proxies.of(location);
        return shared != null ? shared : proxies.keep(location, proxyOf(location));
    }

    private ProxyHeadersConfig proxyOf(Scope location) {
        List<CertForward> certificate = location.value(TlsKeys.CLIENT_CERT_FORWARD);
        refuseTwice(location, HeaderKeys.PROXY_SET_HEADER, certificate);
        refuseTwice(location, HeaderKeys.PROXY_ADD_HEADER, certificate);
        return new ProxyHeadersConfig(
                ClaimKeys.passedOn(location,
                        location.merged(HeaderKeys.PROXY_SET_HEADER, HeadersCheck::fieldName)),
                location.merged(HeaderKeys.PROXY_ADD_HEADER, HeadersCheck::fieldName),
                location.value(HeaderKeys.PROXY_PASS_REQUEST_HEADERS),
                location.value(HeaderKeys.PROXY_PASS_FORWARDED),
                location.value(HeaderKeys.PROXY_FORWARDED),
                certificate,
                names(location, HeaderKeys.PROXY_HIDE_HEADER),
                names(location, HeaderKeys.PROXY_PASS_HEADER),
                redirects(location),
                cookies(location, HeaderKeys.PROXY_COOKIE_DOMAIN),
                cookies(location, HeaderKeys.PROXY_COOKIE_PATH));
    }

    /** A peer that finds a field twice may believe the wrong one. */
    private void refuseTwice(Scope location, ConfigKey<HeaderRule> key,
            List<CertForward> certificate) {
        Scope holder = location.nearest(key);
        for (CertForward one : holder == null ? List.<CertForward>of() : certificate) {
            for (String name : one.names()) {
                for (Setting<HeaderRule> setting : holder.own(key)) {
                    if (setting.parsed() != null && CertForward.folded(name).equals(
                            CertForward.folded(setting.parsed().name()))) {
                        problems.error(setting.value().at(), "\"" + key.name() + "\" names \""
                                + setting.parsed().name() + "\", a field of"
                                + " client_cert_forward", "leave one of them out");
                    }
                }
            }
        }
    }

    /** The nearest section that says anything decides; nothing said is the default rule. */
    private static List<RedirectConfig> redirects(Scope location) {
        Scope holder = location.nearest(HeaderKeys.PROXY_REDIRECT);
        return holder == null ? List.of(RedirectConfig.DEFAULT)
                : holder.ownValues(HeaderKeys.PROXY_REDIRECT).stream()
                        .filter(rule -> rule != RedirectConfig.OFF).toList();
    }

    private static List<CookieRuleConfig> cookies(
            Scope location, ConfigKey<CookieRuleConfig> key) {
        Scope holder = location.nearest(key);
        return holder == null ? List.of() : holder.ownValues(key).stream()
                .filter(rule -> rule != CookieRuleConfig.OFF).toList();
    }

    private static List<String> names(Scope location, ConfigKey<List<String>> key) {
        return location.merged(key, names -> names).stream()
                .flatMap(List::stream).distinct().toList();
    }
}
