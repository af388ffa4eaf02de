package dev.sluice.worker.answer;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.util.regex.Pattern;

/**
 * A path that takes the place of the exchange's, with variables and perhaps a query. Where the
 * query begins is decided by the configured text alone: a question mark that a client smuggled
 * into a captured path stays a part of the path. {@code $is_args} is such a place too.
 *
 * <p>Written at boot, then read-only; the scratch memory belongs to the event loop.
 */
public final class TargetTemplate {

    /** What becomes of the query that the exchange had. */
    public enum OldQuery { DROP, APPEND }

    private static final Pattern MARK = Pattern.compile("\\?|\\$is_args|\\$\\{is_args}");

    private final Template path;
    /** Null when the text has no question mark. */
    private final Template query;
    private final OldQuery oldQuery;
    private final WorkerScope scope;
    private final ExchangePath paths;

    /** @param text of the configuration, beginning with a path */
    public TargetTemplate(String text, OldQuery oldQuery, WorkerScope scope, ExchangePath paths) {
        String[] halves = MARK.split(text, 2);
        this.path = Template.compilePath(halves[0], scope);
        this.query = halves.length == 1 ? null : Template.compileQuery(halves[1], scope);
        this.oldQuery = oldQuery;
        this.scope = scope;
        this.paths = paths;
    }

    /** Puts it in place. @return why it cannot be, null if it is */
    public ParseError apply(Exchange x) {
        ByteSink out = scope.scratch();
        path.append(x, out);
        int pathEnd = out.position();
        boolean append = oldQuery == OldQuery.APPEND && x.queryLength >= 0;
        if (query != null) {
            query.append(x, out);
        }
        if (append) {
            if (out.position() > pathEnd && x.queryLength > 0) {
                out.put((byte) '&');
            }
            out.put(x.queryBuffer, x.queryOffset, x.queryLength);
        }
        if (out.overflowed()) {
            return ParseError.PATH_TOO_LONG;
        }
        int queryBytes = out.position() - pathEnd;
        boolean hasQuery = append || queryBytes > 0;
        return paths.change(x, out.buffer(), 0, pathEnd, pathEnd,
                hasQuery ? queryBytes : Exchange.NO_QUERY);
    }
}
