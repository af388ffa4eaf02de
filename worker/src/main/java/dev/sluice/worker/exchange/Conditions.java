package dev.sluice.worker.exchange;

import dev.sluice.worker.arena.ByteSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Function;

/**
 * Texts with variables, of which one that is neither empty nor 0 decides, as nginx has it.
 *
 * <p>Owner: event loop.
 */
public final class Conditions {

    private static final int BYTES_MAX = 1024;

    private final ValueTemplate[] texts;
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer scratch =
            ByteBuffer.allocate(BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);

    public Conditions(List<String> texts, Function<String, ValueTemplate> templates) {
        this.texts = new ValueTemplate[texts.size()];
        for (int i = 0; i < this.texts.length; i++) {
            this.texts[i] = templates.apply(texts.get(i));
        }
    }

    /** Whether one of them holds for this exchange. */
    public boolean anyHolds(Exchange x) {
        for (ValueTemplate text : texts) {
            sink.reset(scratch, 0, BYTES_MAX);
            text.append(x, sink);
            if (sink.overflowed() || sink.position() > 1
                    || sink.position() == 1 && scratch.get(0) != '0') {
                return true;
            }
        }
        return false;
    }
}
