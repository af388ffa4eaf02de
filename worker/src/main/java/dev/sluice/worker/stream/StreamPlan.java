package dev.sluice.worker.stream;

import dev.sluice.common.config.ProxyConfig;
import dev.sluice.common.config.StreamConfig;
import dev.sluice.worker.access.AddressRules;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.proxy.TemplateCompiler;
import dev.sluice.worker.upstream.Upstreams;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A {@code [stream]} as its sessions use it. Built at boot; its memory is the event loop's. */
final class StreamPlan {

    private static final long NS_PER_MS = 1_000_000L;
    /** No upstream has a longer name. */
    private static final int NAME_BYTES_MAX = 256;

    final StreamConfig config;
    final long timeoutNs;
    /** For a PROXY header. */
    final long headerNs;
    /** 0 where nobody looks at hellos. */
    final long prereadNs;
    /** Null where everybody may come. */
    private final AddressRules rules;
    private final Forward only;
    /** Null where all go to one upstream. */
    private final ValueTemplate choice;
    private final Map<String, Forward> byName = new HashMap<>();
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer name = ByteBuffer.allocate(NAME_BYTES_MAX);
    private final ExchangeLog[] logs;

    StreamPlan(StreamConfig config, Upstreams upstreams, TemplateCompiler templates,
            List<ExchangeLog> logs) {
        this.config = config;
        this.timeoutNs = config.timeoutMs() * NS_PER_MS;
        this.headerNs = config.openingMs() * NS_PER_MS;
        this.prereadNs = config.preread() ? headerNs : 0;
        this.rules = config.rules().isEmpty() ? null : new AddressRules(config.rules());
        this.logs = logs.toArray(ExchangeLog[]::new);
        ProxyConfig proxy = config.proxy();
        if (proxy.choice() == null) {
            choice = null;
            only = Forward.of(proxy, upstreams, templates);
        } else {
            choice = templates.compile(proxy.choice().name());
            only = null;
            for (ProxyConfig one : proxy.choice().choices()) {
                byName.put(one.upstream(), Forward.of(one, upstreams, templates));
            }
        }
    }

    boolean admits(Exchange x) {
        return rules == null || rules.admit(x.client);
    }

    /** Null when a variable names no upstream. Allocates there, once a connection. */
    Forward forward(Exchange x) {
        if (choice == null) {
            return only;
        }
        return byName.get(chosen(x));
    }

    /** The name that a variable gives; it may be the client's text. */
    String chosen(Exchange x) {
        sink.reset(name, 0, NAME_BYTES_MAX);
        choice.append(x, sink);
        return new String(name.array(), 0, sink.position(), StandardCharsets.ISO_8859_1);
    }

    void log(Exchange x) {
        for (ExchangeLog log : logs) {
            log.ended(x);
        }
    }
}
