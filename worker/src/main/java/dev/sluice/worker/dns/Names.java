package dev.sluice.worker.dns;

import dev.sluice.common.config.ResolverConfig;
import dev.sluice.worker.loop.LoopContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All names that a worker watches. A worker whose peers are all given by address has none, and
 * loads nothing of the resolver.
 *
 * <p>Owner: event loop.
 */
public final class Names {

    private final LoopContext ctx;
    private final SystemFiles files;
    private final Supplier<Queries> toServers;
    private final List<NameWatch> watches = new ArrayList<>();
    private Queries queries;
    private int waitingFor;
    private Runnable onFirstRound = () -> { };

    public Names(LoopContext ctx) {
        this(ctx, SystemFiles.ofThisHost(), () -> new NettyQueries(ctx.loop));
    }

    /** With other files and another wire, for tests. */
    Names(LoopContext ctx, SystemFiles files, Supplier<Queries> toServers) {
        this.ctx = ctx;
        this.files = files;
        this.toServers = toServers;
    }

    /**
     * Before {@link #start}.
     *
     * @param service name of SRV records, null for the addresses of the host
     */
    public void watch(String host, String service, ResolverConfig config,
            NameWatch.Listener listener) {
        watches.add(new NameWatch(ctx, this, host, service, config, listener));
    }

    /**
     * Begins to ask for all names.
     *
     * @param firstRound called when each has been asked for once: at once if there is none
     */
    public void start(Runnable firstRound) {
        assert ctx.loop.inEventLoop();
        if (watches.isEmpty()) {
            firstRound.run();
            return;
        }
        onFirstRound = firstRound;
        waitingFor = watches.size();
        watches.forEach(NameWatch::ask);
    }

    /** Asks for the addresses of a name once. @param onAnswer called later, on the loop */
    public Lookup ask(String host, ResolverConfig config, Consumer<Answer> onAnswer) {
        assert ctx.loop.inEventLoop();
        Lookup lookup = lookup(config, onAnswer);
        lookup.start(host, null);
        return lookup;
    }

    Lookup lookup(ResolverConfig config, Consumer<Answer> onAnswer) {
        if (queries == null) {
            queries = toServers.get();
        }
        return new Lookup(ctx, queries, files, config, onAnswer);
    }

    void askedFirst() {
        if (--waitingFor == 0) {
            onFirstRound.run();
        }
    }

    public void stop() {
        watches.forEach(NameWatch::stop);
        if (queries != null) {
            queries.close();
            queries = null;
        }
    }
}
