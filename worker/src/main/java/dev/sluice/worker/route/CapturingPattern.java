package dev.sluice.worker.route;

import com.google.re2j.Pattern;
import dev.sluice.common.config.DerivedConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.RewriteConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.ServerNameConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.match.BytePattern;
import dev.sluice.worker.variables.NamePlaces;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * An expression of a rule, whose groups become {@code $1} to {@code $9} and, where they have a
 * name, variables of that name. Named ones stay until an expression with the same name matches;
 * the numbered ones are always of the last match, as in nginx.
 *
 * <p>Owner: event loop.
 */
final class CapturingPattern {

    private static final String[] NO_GROUPS = {};

    private final BytePattern pattern;
    private final NamePlaces names;
    /** Group {@code named[2 * i]} belongs into place {@code named[2 * i + 1]}. */
    private final int[] named;

    CapturingPattern(String regex, boolean ignoreCase, NamePlaces names) {
        this.pattern = new BytePattern(regex, ignoreCase);
        this.names = names;
        Map<String, Integer> groups = pattern.groupNames();
        named = new int[groups.size() * 2];
        int at = 0;
        for (Map.Entry<String, Integer> group : groups.entrySet()) {
            named[at++] = group.getValue();
            named[at++] = names.declare(group.getKey());
        }
    }

    /** Makes the names of all groups and assignments known, before templates ask for them. */
    static void declareAll(SluiceConfig config, NamePlaces names) {
        for (DerivedConfig derived : config.derived()) {
            if (derived.kind() == DerivedConfig.Kind.MAP) {
                for (DerivedConfig.Rule rule : derived.rules()) {
                    if (rule.key().startsWith("~")) {
                        declare(rule.key().substring(1), names);
                    }
                }
            }
        }
        for (ServerConfig server : config.servers()) {
            for (ServerNameConfig name : server.names()) {
                if (name.kind() == ServerNameConfig.Kind.REGEX) {
                    declare(name.text(), names);
                }
            }
            server.rewrites().forEach(rule -> declare(rule.regex(), names));
            declareAssigned(server.fallback(), names);
            for (LocationConfig location : server.locations()) {
                if (location.match().isRegex()) {
                    declare(location.pattern(), names);
                }
                for (RewriteConfig rule : location.rewrites()) {
                    declare(rule.regex(), names);
                }
                declareAssigned(location, names);
            }
        }
    }

    /** Variables that are assigned live where those of groups do. */
    private static void declareAssigned(LocationConfig location, NamePlaces names) {
        if (location.access().authRequest() != null) {
            location.access().authRequest().assignments()
                    .forEach(one -> names.declare(one.name()));
        }
    }

    private static void declare(String regex, NamePlaces names) {
        // Most expressions name nothing, and compiling one takes a while.
        if (regex.contains("<")) {
            Pattern.compile(regex).namedGroups().keySet().forEach(names::declare);
        }
    }

    boolean find(ByteBuffer b, int offset, int length) {
        return pattern.find(b, offset, length);
    }

    /** Gives the exchange the groups of the last match. Allocates only if there are groups. */
    void capture(Exchange x) {
        if (pattern.groupCount() == 0) {
            x.captures = NO_GROUPS;
            return;
        }
        String[] captures = pattern.captures();
        x.captures = captures;
        if (named.length == 0) {
            return;
        }
        if (x.named == null) {
            x.named = new String[names.count()];
        } else {
            // What an earlier request of this connection left was forgotten at its beginning.
            assert x.named.length == names.count() : Arrays.toString(x.named);
        }
        for (int i = 0; i < named.length; i += 2) {
            x.named[named[i + 1]] = captures[named[i]];
        }
    }
}
