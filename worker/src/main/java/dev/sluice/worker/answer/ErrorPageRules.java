package dev.sluice.worker.answer;

import dev.sluice.common.config.ErrorPageConfig;
import dev.sluice.worker.answer.TargetTemplate.OldQuery;
import dev.sluice.worker.exchange.ErrorPages;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.Status;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.util.List;

/**
 * The {@code error_page} rules of a location; the first that names a status has it. A path is
 * fetched by an internal redirect, a named location gets the same request, a URL is what the
 * client is redirected to.
 *
 * <p>Written at boot, then read-only.
 */
public final class ErrorPageRules implements ErrorPages {

    private static final int FOUND = 302;
    private static final int BAD_REQUEST = 400;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_LARGE = 413;

    /** One rule; exactly one of location, target and url is set. */
    private record Rule(int override, String location, TargetTemplate target, Template url) {}

    private final Rule[] byStatus = new Rule[Status.MAX + 1];

    private ErrorPageRules(List<ErrorPageConfig> configs, WorkerScope scope, ExchangePath paths) {
        for (ErrorPageConfig config : configs) {
            Rule rule = rule(config, scope, paths);
            for (int code : config.codes()) {
                if (byStatus[code] == null) {
                    byStatus[code] = rule;
                }
            }
        }
    }

    private static Rule rule(ErrorPageConfig config, WorkerScope scope, ExchangePath paths) {
        String uri = config.uri();
        return switch (uri.charAt(0)) {
            case '@' -> new Rule(config.overrideStatus(), uri, null, null);
            case '/' -> new Rule(config.overrideStatus(), null,
                    new TargetTemplate(uri, OldQuery.DROP, scope, paths), null);
            default -> new Rule(config.overrideStatus(), null, null,
                    Template.compileUrl(uri, scope));
        };
    }

    /** Null when there are no rules, as {@code Location.errorPages} wants it. */
    public static ErrorPages compile(
            List<ErrorPageConfig> configs, WorkerScope scope, ExchangePath paths) {
        return configs.isEmpty() ? null : new ErrorPageRules(configs, scope, paths);
    }

    @Override
    public boolean has(int status) {
        return byStatus[status] != null;
    }

    @Override
    public boolean answer(Exchange x, int status) {
        Rule rule = byStatus[status];
        if (rule == null) {
            return false;
        }
        if (rule.url != null) {
            int redirect = ReturnHandler.isRedirect(rule.override) ? rule.override : FOUND;
            Answers.redirect(x, redirect, rule.url);
            return true;
        }
        if (rule.target != null && rule.target.apply(x) != null) {
            return false;
        }
        x.errorStatus = switch (rule.override) {
            case ErrorPageConfig.KEEP_STATUS -> status;
            // Below zero: inside an error page, and the page's own status is to be sent.
            case ErrorPageConfig.TAKE_STATUS -> -status;
            default -> rule.override;
        };
        if (rule.location == null || !isWhole(x, status)) {
            fetch(x);
        }
        if (rule.location != null) {
            x.router.onNamedLocation(x, rule.location);
        } else {
            x.router.onInternalRedirect(x);
        }
        return true;
    }

    /**
     * Whether the request can go on as it came: the client has made no mistake in its body, none
     * of which has been read, and no peer has a part of the request.
     */
    private static boolean isWhole(Exchange x, int status) {
        return status != BAD_REQUEST && status != REQUEST_TIMEOUT && status != TOO_LARGE
                && !x.passedOn && x.requestBytes <= x.request.headLength;
    }

    /** A page is fetched, never posted to; what the client sent as $request stays. */
    private static void fetch(Exchange x) {
        x.fetchesPage = true;
        if (x.request.method != Method.HEAD) {
            x.request.method = Method.GET;
        }
        x.client.discardBody();
    }
}
