package dev.sluice.worker.proxy;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ProxyConfig;
import dev.sluice.common.config.ProxyHeadersConfig;
import java.util.List;

/**
 * The rules for fields between client and peer, compiled once for locations that have the same.
 * Those of the last few kinds are looked through: locations that share them stand together in most
 * files.
 *
 * <p>Used at boot.
 */
final class HeaderPlans {

    private static final int KEPT = 16;

    /** What the rules were made of, and they. */
    private static final class Plan {
        private final ProxyHeadersConfig headers;
        private final String proxyHost;
        private final boolean secure;
        private final boolean cors;
        final HeaderRewrite request;
        final ResponseHeaders response;

        Plan(LocationConfig location, String proxyHost, List<String> identities,
                TemplateCompiler templates) {
            headers = location.proxy().headers();
            this.proxyHost = proxyHost;
            secure = isSecure(location);
            cors = location.headers().cors() != null;
            request = new HeaderRewrite(location.proxy(), proxyHost, identities, templates);
            response = new ResponseHeaders(location, proxyHost, templates);
        }

        boolean fits(LocationConfig location, String host) {
            return headers == location.proxy().headers() && proxyHost.equals(host)
                    && secure == isSecure(location) && cors == (location.headers().cors() != null);
        }

        private static boolean isSecure(LocationConfig location) {
            return location.proxy().transport().tls() != null;
        }
    }

    private final TemplateCompiler templates;
    private final List<String> identities;
    private final Plan[] kept = new Plan[KEPT];
    private int oldest;
    private Plan found;

    /** @param identities names of fields that only this proxy may write */
    HeaderPlans(TemplateCompiler templates, List<String> identities) {
        this.templates = templates;
        this.identities = identities;
    }

    /** Finds or makes the rules of a location; they are asked for next. */
    HeaderPlans of(LocationConfig location, String proxyHost) {
        // A URI in the place of the pattern makes redirects a matter of this location alone.
        ProxyConfig proxy = location.proxy();
        boolean own = proxy.uri() != null && location.match().isPrefix();
        for (int i = 0; !own && i < KEPT; i++) {
            if (kept[i] != null && kept[i].fits(location, proxyHost)) {
                found = kept[i];
                return this;
            }
        }
        found = new Plan(location, proxyHost, identities, templates);
        if (!own) {
            kept[oldest] = found;
            oldest = (oldest + 1) % KEPT;
        }
        return this;
    }

    HeaderRewrite request() {
        return found.request;
    }

    ResponseHeaders response() {
        return found.response;
    }
}
