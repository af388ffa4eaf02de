package dev.sluice.worker.proxy;

import dev.sluice.common.config.HeadersConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ProxyChoiceConfig;
import dev.sluice.common.config.ProxyConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.upstream.Upstream;
import dev.sluice.worker.upstream.Upstreams;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Makes the proxy handlers of a worker's locations. Exchanges are pooled by the size of head they
 * accept from a peer, because their parsers are built for it.
 *
 * <p>Used at boot.
 */
public final class ProxyHandlers {

    private final LoopContext ctx;
    private final Upstreams upstreams;
    private final TemplateCompiler templates;
    private final HeaderPlans plans;
    private final StatusAnswers answers;
    private final int headersMax;
    private final Map<Integer, ProxyExchangePool> pools = new HashMap<>();
    /** Of the same object, which locations share that say no more than where they lead. */
    private final Map<ProxyConfig, Shared> shared = new IdentityHashMap<>();

    /** A handler, and the other part of a location that it was made of. */
    private record Shared(HeadersConfig answers, ContentHandler handler) {}

    /**
     * @param templates compiles values with variables
     * @param answers answers when no peer could
     */
    public ProxyHandlers(SluiceConfig config, LoopContext ctx, Upstreams upstreams,
            TemplateCompiler templates, StatusAnswers answers) {
        this.ctx = ctx;
        this.upstreams = upstreams;
        this.templates = templates;
        this.plans = new HeaderPlans(templates, IdentityFields.names(config));
        this.answers = answers;
        this.headersMax = config.http().maxHeaders();
    }

    /** The handler of a location that has {@code proxy_pass}. */
    public ContentHandler handlerOf(LocationConfig location) {
        if (location.proxy().uri() != null) {
            // It takes the place of what the location matches.
            return make(location);
        }
        Shared known = shared.get(location.proxy());
        if (known == null || known.answers != location.headers()) {
            known = new Shared(location.headers(), make(location));
            shared.put(location.proxy(), known);
        }
        return known.handler;
    }

    private ContentHandler make(LocationConfig location) {
        ProxyChoiceConfig choice = location.proxy().choice();
        if (choice == null) {
            return fixed(location);
        }
        ProxyHandler[] handlers = choice.choices().stream()
                .map(one -> fixed(location.forwarding(one))).toArray(ProxyHandler[]::new);
        return new ChosenUpstream(choice, handlers, templates, new ProxyLog(ctx), answers);
    }

    private ProxyHandler fixed(LocationConfig location) {
        Upstream upstream = upstreams.upstream(location.proxy().upstream());
        if (upstream == null) {
            throw new IllegalArgumentException(
                    location.at() + ": no upstream \"" + location.proxy().upstream() + "\"");
        }
        int headBytesMax = location.proxy().headBytesMax();
        ProxyExchangePool pool = pools.computeIfAbsent(headBytesMax, bytes ->
                new ProxyExchangePool(ctx, upstreams.connector(), answers, bytes, headersMax));
        return new ProxyHandler(location, upstream,
                upstreams.transport(location.proxy().transport()), templates, plans, pool);
    }
}
