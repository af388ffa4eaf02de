package dev.sluice.worker.proxy;

import dev.sluice.common.config.ProxyChoiceConfig;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Passes each request to the upstream that a variable names. Names are looked for among the
 * upstreams of the configuration and nowhere else, so no client can send this proxy to a host of
 * its own choice.
 *
 * <p>Built at boot; its memory belongs to the event loop.
 */
final class ChosenUpstream implements ContentHandler {

    /** No upstream has a longer name. */
    private static final int NAME_BYTES_MAX = 256;
    private static final int BAD_GATEWAY = 502;

    private final ValueTemplate name;
    /** Ascending by their bytes. */
    private final byte[][] names;
    private final ProxyHandler[] handlers;
    private final ProxyLog log;
    private final StatusAnswers answers;
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer text = ByteBuffer.allocateDirect(NAME_BYTES_MAX);

    /** @param unsorted in the order of the choices */
    ChosenUpstream(ProxyChoiceConfig config, ProxyHandler[] unsorted, TemplateCompiler templates,
            ProxyLog log, StatusAnswers answers) {
        this.name = templates.compile(config.name());
        this.log = log;
        this.answers = answers;
        handlers = unsorted.clone();
        Arrays.sort(handlers, (a, b) -> Arrays.compare(bytes(a), bytes(b)));
        names = Arrays.stream(handlers).map(ChosenUpstream::bytes).toArray(byte[][]::new);
    }

    private static byte[] bytes(ProxyHandler handler) {
        return handler.upstream.name().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void handle(Exchange x) {
        sink.reset(text, 0, NAME_BYTES_MAX);
        name.append(x, sink);
        int place = sink.overflowed() ? -1 : find(sink.position());
        if (place >= 0) {
            handlers[place].handle(x);
            return;
        }
        x.upstreamError = Termination.UPSTREAM_UNKNOWN;
        x.terminate(Termination.UPSTREAM_UNKNOWN);
        log.unknown(x, text, sink.position());
        answers.status(x, BAD_GATEWAY);
    }

    private int find(int length) {
        int from = 0;
        int to = names.length - 1;
        while (from <= to) {
            int middle = from + to >>> 1;
            int order = compare(names[middle], length);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return -1;
    }

    private int compare(byte[] one, int length) {
        int common = Math.min(one.length, length);
        for (int i = 0; i < common; i++) {
            int order = Byte.compare(one[i], text.get(i));
            if (order != 0) {
                return order;
            }
        }
        return one.length - length;
    }
}
