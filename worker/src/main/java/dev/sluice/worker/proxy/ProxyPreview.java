package dev.sluice.worker.proxy;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ProxyChoiceConfig;
import dev.sluice.common.config.ProxyConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.HeadRules;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The head that a location's peer would get, written by what writes it for a peer, without any
 * peer. For those who explain; a worker that serves has no use for it.
 */
public final class ProxyPreview {

    private static final int HEAD_BYTES_MAX = 64 * 1024;

    private final TemplateCompiler templates;
    private final HeaderPlans plans;
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(HEAD_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteSink sink = new ByteSink();

    public ProxyPreview(SluiceConfig config, TemplateCompiler templates) {
        this.templates = templates;
        this.plans = new HeaderPlans(templates, IdentityFields.names(config));
    }

    /** The location as it forwards this request; null when no upstream has the name it chose. */
    public LocationConfig chosen(LocationConfig location, Exchange x) {
        ProxyChoiceConfig choice = location.proxy().choice();
        if (choice == null) {
            return location;
        }
        sink.reset(memory, 0, HEAD_BYTES_MAX);
        templates.compile(choice.name()).append(x, sink);
        String name = text(0, sink.position());
        for (ProxyConfig one : choice.choices()) {
            if (one.upstream().equals(name)) {
                return location.forwarding(one);
            }
        }
        return null;
    }

    /** Request line and fields, each with CR LF, and the empty line. */
    public String head(LocationConfig location, Exchange x) {
        String host = ProxyHandler.proxyHost(location.proxy());
        sink.reset(memory, 0, HEAD_BYTES_MAX);
        plans.of(location, host).request().write(x, new RequestTarget(location), sink);
        HeadRules rules = x.location.requestRules();
        assert rules == null : "modules are not asked";
        return text(0, sink.position());
    }

    private String text(int from, int to) {
        byte[] copy = new byte[to - from];
        memory.get(from, copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }
}
