package dev.sluice.worker.answer;

import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.log.Level;
import dev.sluice.common.log.LogLine;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Lines of the error log about one exchange, with all that is known of it.
 *
 * <p>Owner: event loop.
 */
public final class ExchangeLines {

    private static final int ADDRESS_BYTES_MAX = 128;

    private final String[] listeners;
    private final LogLine line = new LogLine();
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer address = ByteBuffer.allocate(ADDRESS_BYTES_MAX);

    public ExchangeLines(SluiceConfig config) {
        List<ListenConfig> addresses = config.listenAddresses();
        listeners = addresses.stream().map(ListenConfig::key).toArray(String[]::new);
    }

    /**
     * Says what happened, lower case and without a full stop.
     *
     * @param cause why, or null
     */
    public void log(Exchange x, Level level, String what, String cause) {
        if (!x.ctx.log.enabled(level)) {
            return;
        }
        sink.reset(address, 0, ADDRESS_BYTES_MAX);
        x.client.remoteAddress(sink);
        line.start(what).cause(cause).during(x.state.phrase())
                .client(StandardCharsets.ISO_8859_1.decode(address.slice(0, sink.position())))
                .listener(listeners[x.client.listenIndex()])
                .server(x.server == null ? null : x.server.name())
                .location(x.location == null ? null : x.location.label);
        RequestHead head = x.request;
        if (head.targetLength > 0) {
            line.request(head.buffer(), head.methodOffset, Math.min(head.requestLineBytes(),
                    head.buffer().capacity() - head.methodOffset));
        }
        x.ctx.log.log(level, line.toString());
    }
}
