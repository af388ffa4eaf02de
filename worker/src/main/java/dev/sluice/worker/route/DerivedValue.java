package dev.sluice.worker.route;

import dev.sluice.common.config.DerivedConfig;
import dev.sluice.common.config.DerivedConfig.Rule;
import dev.sluice.common.config.ServerNameConfig;
import dev.sluice.common.config.ServerNameConfig.Kind;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.match.NetworkTable;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A variable of {@code [map]}, {@code [split]} or {@code [geo]}. Its source is put together in
 * memory of its own, because another text may be under way, and asked for one of the results. It
 * is made anew wherever it is named. What the expression of a map captures is $1 to $9 in its own
 * result; groups with a name are variables from then on, as in nginx.
 *
 * <p>Owner: event loop.
 */
final class DerivedValue implements ValueTemplate {

    private static final int SOURCE_BYTES_MAX = 4096;

    private interface Chooser {

        /**
         * Finds the number of a result; that of the default when nothing fits. The exchange gets
         * what an expression has captured.
         */
        int choose(Exchange x, ByteBuffer source, int length);
    }

    private final Template source;
    private final Chooser chooser;
    /** The last one is the default. */
    private final Template[] results;
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(SOURCE_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);

    private DerivedValue(DerivedConfig config, WorkerScope scope) {
        source = Template.compile(config.source(), scope);
        List<Rule> rules = config.rules();
        results = new Template[rules.size() + 1];
        for (int i = 0; i < rules.size(); i++) {
            results[i] = Template.compile(rules.get(i).result(), scope);
        }
        results[rules.size()] = Template.compile(config.defaultResult(), scope);
        chooser = switch (config.kind()) {
            case MAP -> new Texts(rules, scope);
            case SPLIT -> new Shares(rules);
            case GEO -> new Networks(rules);
        };
    }

    /** Gives every such variable to the scope, before the first template that may name it. */
    static void defineAll(List<DerivedConfig> configs, WorkerScope scope) {
        for (DerivedConfig config : configs) {
            scope.define(config.name(), new DerivedValue(config, scope));
        }
    }

    @Override
    public void append(Exchange x, ByteSink out) {
        sink.reset(memory, 0, SOURCE_BYTES_MAX);
        source.append(x, sink);
        String[] captures = x.captures;
        int chosen = sink.overflowed() ? results.length - 1
                : chooser.choose(x, memory, sink.position());
        results[chosen].append(x, out);
        // $1 beside this variable is that of the rule or location which names both.
        x.captures = captures;
    }

    /** Equal texts, hosts with an asterisk, expressions. Written at boot, then read-only. */
    private static final class Texts implements Chooser {

        private final HostNames exact = new HostNames();
        private final HostTable hosts;
        private final List<CapturingPattern> patterns = new ArrayList<>();
        private final List<Integer> patternResults = new ArrayList<>();
        private final int none;

        Texts(List<Rule> rules, WorkerScope scope) {
            none = rules.size();
            hosts = new HostTable(scope.captureNames);
            hosts.add(List.of(), none, true);
            for (int i = 0; i < none; i++) {
                String key = rules.get(i).key();
                if (key.startsWith("~")) {
                    boolean nocase = key.startsWith("~*");
                    patterns.add(new CapturingPattern(key.substring(nocase ? 2 : 1), nocase,
                            scope.captureNames));
                    patternResults.add(i);
                } else if (key.startsWith("\\")) {
                    exact.add(key.substring(1), i, false);
                } else if (key.startsWith("*.")) {
                    hosts.add(List.of(new ServerNameConfig(key, Kind.LEADING_WILDCARD)), i, false);
                } else if (key.endsWith(".*")) {
                    hosts.add(List.of(new ServerNameConfig(key, Kind.TRAILING_WILDCARD)), i,
                            false);
                } else {
                    exact.add(key, i, false);
                }
            }
        }

        @Override
        public int choose(Exchange x, ByteBuffer text, int length) {
            int hash = 0;
            for (int i = 0; i < length; i++) {
                hash = HostNames.extend(hash, text.get(i));
            }
            int found = exact.find(hash, text, 0, length);
            if (found == HostNames.NONE) {
                found = hosts.find(text, 0, length);
            } else {
                return found;
            }
            for (int i = 0; i < patterns.size() && found == none; i++) {
                if (patterns.get(i).find(text, 0, length)) {
                    patterns.get(i).capture(x);
                    found = patternResults.get(i);
                }
            }
            return found;
        }
    }

    /** FNV-1a with the last step of MurmurHash3, so that alike sources fall apart. Stateless. */
    private static final class Shares implements Chooser {

        private static final int WHOLE = 10_000;

        /** Below which hash, in 32 bits, each share ends. */
        private final long[] ends;

        Shares(List<Rule> rules) {
            ends = new long[rules.size()];
            long sum = 0;
            for (int i = 0; i < ends.length; i++) {
                String key = rules.get(i).key();
                sum = key.equals("*") ? WHOLE : sum + Long.parseLong(key);
                ends[i] = (sum << 32) / WHOLE;
            }
        }

        @Override
        public int choose(Exchange x, ByteBuffer text, int length) {
            int hash = 0x811c9dc5;
            for (int i = 0; i < length; i++) {
                hash = (hash ^ text.get(i) & 0xff) * 0x01000193;
            }
            hash = (hash ^ hash >>> 16) * 0x85ebca6b;
            hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
            long place = Integer.toUnsignedLong(hash ^ hash >>> 16);
            int share = 0;
            while (share < ends.length && place >= ends[share]) {
                share++;
            }
            return share;
        }
    }

    /** Written at boot; the table belongs to the event loop. */
    private static final class Networks implements Chooser {

        private final NetworkTable table;
        private final int none;

        Networks(List<Rule> rules) {
            none = rules.size();
            int[] values = new int[none];
            for (int i = 0; i < none; i++) {
                values[i] = i;
            }
            table = new NetworkTable(rules.stream().map(Rule::key).toList(), values);
        }

        @Override
        public int choose(Exchange x, ByteBuffer text, int length) {
            int found = table.find(text, 0, length);
            return found == NetworkTable.NONE ? none : found;
        }
    }
}
