package dev.sluice.worker.answer;

import dev.sluice.common.config.ExpiresConfig;
import dev.sluice.common.config.ExpiresConfig.Kind;
import dev.sluice.common.config.HeaderRule;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.FieldLine;
import dev.sluice.worker.exchange.HeadRules;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.NameSet;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.util.List;
import java.util.Locale;

/**
 * The rules of a location for the heads of its answers, in this order: the peer's Server and Date
 * take the place of our own where they are let through, then {@code charset}, then
 * {@code set_header}, then {@code expires} where that has not said how long the answer may be
 * kept, then who may read it ({@code cors_allow_origin}), then {@code hsts}.
 *
 * <p>Built at boot; the memory of its parts belongs to the event loop.
 */
public final class HeadEdits implements HeadRules {

    /**
     * One {@code set_header} that has something to write.
     *
     * @param keeps whether it says how long the answer may be kept
     */
    private record Line(FieldLine field, boolean always, boolean keeps) {}

    private final Line[] lines;
    /** Names that are set, on every answer and on those below 400; null when there are none. */
    private final NameSet always;
    private final NameSet belowErrors;
    /** Those of them that {@code expires} would write; null when there are none. */
    private final NameSet kept;
    private final boolean passServer;
    private final boolean passDate;
    /** Null when nothing is said of charsets. */
    private final CharsetRule charset;
    /** Null when nothing is said of how long an answer may be kept. */
    private final ExpiresRule expires;
    /** Null unless that is said by a variable. */
    private final ExpiresChoice expiresChoice;
    /** Null when other origins are allowed nothing. */
    private final CorsRules cors;
    /** Null when browsers are not told to come with TLS. */
    private final HttpsRules https;

    private HeadEdits(LocationConfig location, WorkerScope scope) {
        List<HeaderRule> set = location.headers().set();
        always = names(set.stream().filter(HeaderRule::always).toList());
        belowErrors = names(set);
        kept = names(set.stream().filter(HeadEdits::keeps).toList());
        lines = set.stream().filter(rule -> !rule.value().isEmpty())
                .map(rule -> new Line(new FieldLine(rule.name(),
                        Template.compile(rule.value(), scope)), rule.always(), keeps(rule)))
                .toArray(Line[]::new);
        passServer = passes(location, "server");
        passDate = passes(location, "date");
        charset = location.headers().charset() == null ? null
                : new CharsetRule(location.headers().charset());
        ExpiresConfig keep = location.headers().expires();
        boolean chosen = keep.kind() == Kind.VARIABLE;
        expires = chosen || keep.kind() == Kind.OFF ? null : new ExpiresRule(keep, scope.zone());
        expiresChoice = chosen ? new ExpiresChoice(keep, scope) : null;
        cors = CorsRules.of(location);
        https = HttpsRules.fieldOf(location);
    }

    private static boolean keeps(HeaderRule rule) {
        int id = HeaderName.idOf(rule.name());
        return id == HeaderName.EXPIRES || id == HeaderName.CACHE_CONTROL;
    }

    /** Null when the location changes nothing. */
    public static HeadRules compile(LocationConfig location, WorkerScope scope) {
        boolean any = !location.headers().set().isEmpty()
                || location.headers().expires().kind() != Kind.OFF
                || location.headers().charset() != null
                || location.headers().cors() != null || location.headers().https().hsts() != null
                || passes(location, "server") || passes(location, "date");
        return any ? new HeadEdits(location, scope) : null;
    }

    private static boolean passes(LocationConfig location, String name) {
        if (location.proxy() != null) {
            for (String passed : location.proxy().headers().pass()) {
                if (passed.toLowerCase(Locale.ROOT).equals(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static NameSet names(List<HeaderRule> rules) {
        if (rules.isEmpty()) {
            return null;
        }
        NameSet names = new NameSet();
        rules.forEach(rule -> names.add(rule.name()));
        return names;
    }

    @Override
    public void apply(Exchange x, ByteSink head, int from) {
        if (head.overflowed()) {
            return;
        }
        if (passServer) {
            HeadLines.removeFirstOfTwo(head, from, HeaderName.SERVER);
        }
        if (passDate) {
            HeadLines.removeFirstOfTwo(head, from, HeaderName.DATE);
        }
        if (charset != null) {
            charset.apply(head, from);
        }
        boolean success = HeaderToAdd.isForSuccess(x.status);
        NameSet replaced = success ? belowErrors : always;
        boolean said = false;
        x.showHead(head, from);
        if (replaced != null) {
            int end = head.position();
            for (Line line : lines) {
                if (success || line.always) {
                    said |= line.field.write(x, head) && line.keeps;
                }
            }
            // Only now, so that a value can be made of the one whose place it takes.
            HeadLines.remove(head, from, end, replaced);
            x.showHead(head, from);
        }
        if (success && !said) {
            writeExpires(x, head, from);
        }
        if (cors != null) {
            cors.apply(x, head, from);
        }
        if (https != null) {
            https.apply(x, head, from);
        }
    }

    private void writeExpires(Exchange x, ByteSink head, int from) {
        if (expires != null) {
            expires.apply(x.ctx.clock.nowMs(), head, from);
        } else if (expiresChoice != null) {
            expiresChoice.apply(x, head, from);
        } else {
            return;
        }
        if (kept != null) {
            // Their values were empty.
            HeadLines.remove(head, from, kept);
        }
    }
}
