package dev.sluice.worker.proxy;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ProxyChoiceConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.upstream.Upstream;
import dev.sluice.worker.upstream.Upstreams;
import java.util.HashMap;
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
