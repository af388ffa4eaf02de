package dev.sluice.worker.variables;

import dev.sluice.common.config.LogFormatConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import java.util.List;

/** How a line of an access log is written. Written at boot, then read-only. */
public interface LogFormat {

    /** nginx's format of this name, byte for byte. */
    String COMBINED = "$remote_addr - $remote_user [$time_local] \"$request\" $status"
            + " $body_bytes_sent \"$http_referer\" \"$http_user_agent\"";

    /** Appends the line without its end; the sink overflows when the line does not fit. */
    void append(Exchange x, ByteSink out);

    static LogFormat compile(LogFormatConfig config, WorkerScope scope) {
        Escaping escaping = switch (config.escape()) {
            case "json" -> Escaping.JSON;
            case "none" -> Escaping.NONE;
            default -> Escaping.LOG;
        };
        if (escaping == Escaping.LOG && config.format().equals(COMBINED)) {
            return new CombinedFormat(scope);
        }
        return new ComposedFormat(TextParts.of(config.format(), scope), escaping);
    }

    /** Any format. Written at boot, then read-only. */
    final class ComposedFormat implements LogFormat {

        private final TextParts.Part[] parts;
        private final Escaping escaping;

        private ComposedFormat(List<TextParts.Part> parts, Escaping escaping) {
            this.parts = parts.toArray(TextParts.Part[]::new);
            this.escaping = escaping;
        }

        @Override
        public void append(Exchange x, ByteSink out) {
            for (TextParts.Part part : parts) {
                if (part.literal() != null) {
                    out.put(part.literal());
                    continue;
                }
                int from = out.position();
                BoundVariable variable = part.variable();
                if (!variable.value().append(x, out)) {
                    // nginx prints the dash only in its default escaping.
                    if (escaping == Escaping.LOG) {
                        out.put((byte) '-');
                    }
                } else if (variable.kind() != BoundVariable.Kind.CLEAN) {
                    escaping.apply(out, from);
                }
            }
        }
    }
}
