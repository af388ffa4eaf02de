package dev.sluice.worker.answer;

import dev.sluice.common.config.ExpiresConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * {@code expires} with a variable. What it says is read when it is first met; the last few texts
 * are kept, so that a map with some values costs a comparison.
 *
 * <p>Owner: event loop.
 */
final class ExpiresChoice {

    /** A longer text says nothing. */
    private static final int TEXT_BYTES_MAX = 64;
    private static final int KEPT = 8;

    private final WorkerScope scope;
    private final Template template;
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(TEXT_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[][] texts = new byte[KEPT][];
    private final ExpiresRule[] rules = new ExpiresRule[KEPT];
    private int oldest;

    ExpiresChoice(ExpiresConfig config, WorkerScope scope) {
        this.scope = scope;
        this.template = Template.compile(config.template(), scope);
    }

    void apply(Exchange x, ByteSink head, int from) {
        sink.reset(memory, 0, TEXT_BYTES_MAX);
        template.append(x, sink);
        if (!sink.overflowed()) {
            rule().apply(x.ctx.clock.nowMs(), head, from);
        }
    }

    private ExpiresRule rule() {
        int length = sink.position();
        for (int i = 0; i < KEPT; i++) {
            if (texts[i] != null && isText(texts[i], length)) {
                return rules[i];
            }
        }
        byte[] text = new byte[length];
        memory.get(0, text);
        int place = oldest;
        oldest = (oldest + 1) % KEPT;
        texts[place] = text;
        rules[place] = new ExpiresRule(ExpiresConfig.saidBy(
                new String(text, StandardCharsets.ISO_8859_1)), scope.zone());
        return rules[place];
    }

    private boolean isText(byte[] text, int length) {
        if (text.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (memory.get(i) != text[i]) {
                return false;
            }
        }
        return true;
    }
}
