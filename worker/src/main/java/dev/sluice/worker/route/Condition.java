package dev.sluice.worker.route;

import dev.sluice.common.config.ConditionConfig;
import dev.sluice.common.config.ConditionConfig.Operator;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.match.BytePattern;
import dev.sluice.worker.match.NetworkTable;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One {@code when} of a location, compiled: what is asked about is put together in the scratch
 * memory and compared there. It changes nothing, not even the captures. A value that does not fit
 * into the scratch memory is no value that a condition could name.
 *
 * <p>Owner: event loop.
 */
final class Condition {

    static final Condition[] NONE = {};

    private final Template value;
    private final WorkerScope scope;
    private final boolean negated;
    /** Exactly one of the three is set. */
    private final byte[] text;
    private final BytePattern pattern;
    private final NetworkTable networks;

    private Condition(ConditionConfig config, WorkerScope scope) {
        this.scope = scope;
        Operator operator = config.operator();
        value = Template.compile(config.value(), scope);
        negated = operator.isNegated();
        boolean in = operator == Operator.IN || operator == Operator.NOT_IN;
        networks = in ? NetworkTable.of(config.operands()) : null;
        String operand = config.operands().getFirst();
        pattern = operator.isRegex() ? new BytePattern(operand, operator.ignoresCase()) : null;
        text = in || operator.isRegex() ? null : operand.getBytes(StandardCharsets.UTF_8);
    }

    static Condition[] compile(List<ConditionConfig> configs, WorkerScope scope) {
        if (configs.isEmpty()) {
            return NONE;
        }
        Condition[] all = new Condition[configs.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = new Condition(configs.get(i), scope);
        }
        return all;
    }

    static boolean allHold(Condition[] conditions, Exchange x) {
        for (Condition condition : conditions) {
            if (!condition.holds(x)) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(Exchange x) {
        ByteSink sink = scope.scratch();
        value.append(x, sink);
        if (sink.overflowed()) {
            return negated;
        }
        ByteBuffer bytes = sink.buffer();
        int length = sink.position();
        boolean is = text != null ? isText(bytes, length)
                : pattern != null ? pattern.find(bytes, 0, length)
                : networks.find(bytes, 0, length) != NetworkTable.NONE;
        return is != negated;
    }

    private boolean isText(ByteBuffer bytes, int length) {
        if (length != text.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes.get(i) != text[i]) {
                return false;
            }
        }
        return true;
    }
}
