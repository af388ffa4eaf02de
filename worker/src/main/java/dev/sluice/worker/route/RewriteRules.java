package dev.sluice.worker.route;

import dev.sluice.common.config.RewriteConfig;
import dev.sluice.common.config.RewriteConfig.Flag;
import dev.sluice.common.log.Level;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.ExchangeLines;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.answer.TargetTemplate;
import dev.sluice.worker.answer.TargetTemplate.OldQuery;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.Rewriter;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.util.List;

/**
 * The {@code rewrite} rules of one server or location, tried in order on the canonical path. The
 * query is appended to the new one unless the replacement ends with a question mark.
 *
 * <p>Owner: event loop.
 */
public final class RewriteRules implements Rewriter {

    private static final int MOVED_PERMANENTLY = 301;
    private static final int FOUND = 302;
    private static final int INTERNAL_ERROR = 500;

    /** One rule; exactly one of url and target is set. */
    private record Rule(
            CapturingPattern pattern, Flag flag, ValueTemplate url, TargetTemplate target) {}

    private final Rule[] rules;
    private final ExchangeLines lines;

    private RewriteRules(List<RewriteConfig> configs, WorkerScope scope, ExchangePath paths,
            ExchangeLines lines) {
        this.lines = lines;
        rules = new Rule[configs.size()];
        for (int i = 0; i < rules.length; i++) {
            rules[i] = compile(configs.get(i), scope, paths);
        }
    }

    /** The rules as one; {@code Location.NO_REWRITES} when there are none. */
    public static Rewriter compile(List<RewriteConfig> configs, WorkerScope scope,
            ExchangePath paths, ExchangeLines lines) {
        return configs.isEmpty() ? Location.NO_REWRITES
                : new RewriteRules(configs, scope, paths, lines);
    }

    private static Rule compile(RewriteConfig config, WorkerScope scope, ExchangePath paths) {
        CapturingPattern pattern =
                new CapturingPattern(config.regex(), false, scope.captureNames);
        String text = config.replacement();
        boolean bare = text.endsWith("?");
        if (bare) {
            text = text.substring(0, text.length() - 1);
        }
        boolean redirect = config.flag() == Flag.REDIRECT || config.flag() == Flag.PERMANENT
                || text.startsWith("http://") || text.startsWith("https://")
                || text.startsWith("$scheme");
        if (redirect) {
            return new Rule(pattern, config.flag(), url(text, !bare, scope), null);
        }
        OldQuery oldQuery = bare ? OldQuery.DROP : OldQuery.APPEND;
        return new Rule(pattern, config.flag(), null,
                new TargetTemplate(text, oldQuery, scope, paths));
    }

    private static ValueTemplate url(String text, boolean withQuery, WorkerScope scope) {
        int mark = text.indexOf('?');
        Template path = Template.compileUrl(mark < 0 ? text : text.substring(0, mark), scope);
        Template query = mark < 0 ? null
                : Template.compileQuery(text.substring(mark), scope);
        char separator = mark < 0 ? '?' : '&';
        return (x, out) -> {
            path.append(x, out);
            if (query != null) {
                query.append(x, out);
            }
            if (withQuery && x.queryLength > 0) {
                out.put(separator).put(x.queryBuffer, x.queryOffset, x.queryLength);
            }
        };
    }

    @Override
    public Outcome apply(Exchange x) {
        boolean changed = false;
        for (Rule rule : rules) {
            if (!rule.pattern.find(x.pathBuffer, x.pathOffset, x.pathLength)) {
                continue;
            }
            rule.pattern.capture(x);
            if (rule.url != null) {
                Answers.redirect(x, rule.flag == Flag.PERMANENT ? MOVED_PERMANENTLY : FOUND,
                        rule.url);
                return Outcome.ANSWERED;
            }
            ParseError error = rule.target.apply(x);
            if (error != null) {
                lines.log(x, Level.ERROR, "rewrite gave no usable path", error.sentence());
                Answers.status(x, INTERNAL_ERROR);
                return Outcome.ANSWERED;
            }
            if (rule.flag == Flag.BREAK) {
                return Outcome.CONTINUE;
            }
            if (rule.flag == Flag.LAST) {
                return Outcome.RELOCATE;
            }
            changed = true;
        }
        return changed ? Outcome.RELOCATE : Outcome.CONTINUE;
    }
}
