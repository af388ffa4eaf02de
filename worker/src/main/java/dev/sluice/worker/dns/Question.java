package dev.sluice.worker.dns;

import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * One question, asked of one server after the other until one gives an answer that can be used.
 * Each gets an equal part of the time; a single server is asked twice, because a datagram may get
 * lost. Aliases whose target the server did not add are asked for in turn.
 *
 * <p>Owner: event loop.
 */
final class Question extends Timed {

    private static final long NS_PER_MS = 1_000_000L;
    private static final int TRIES_MIN = 2;
    private static final int TRIES_MAX = 4;
    /** A longer chain of aliases is a loop or an attack. */
    private static final int ALIASES_MAX = 8;

    private final LoopContext ctx;
    private final Queries queries;
    private final List<InetSocketAddress> servers;
    private final RecordType type;
    private final int tries;
    private final long tryNs;
    private final Consumer<Reply> onReply;
    private String name;
    private int tried;
    private int aliases;
    private long aliasTtlS = Long.MAX_VALUE;
    private Queries.Pending pending;

    /** @param servers at least one */
    Question(LoopContext ctx, Queries queries, List<InetSocketAddress> servers, long timeoutMs,
            String name, RecordType type, Consumer<Reply> onReply) {
        assert !servers.isEmpty();
        this.ctx = ctx;
        this.queries = queries;
        this.servers = servers;
        this.name = name;
        this.type = type;
        this.onReply = onReply;
        this.tries = Math.clamp(servers.size(), TRIES_MIN, TRIES_MAX);
        this.tryNs = Math.max(1, timeoutMs * NS_PER_MS / tries);
    }

    void ask() {
        InetSocketAddress server = servers.get(tried % servers.size());
        tried++;
        ctx.timers.set(this, ctx.clock.nowNs() + tryNs);
        pending = queries.ask(server, name, type, this::replied);
    }

    private void replied(Reply reply) {
        pending = null;
        if (reply.outcome() == Reply.Outcome.FAILED && tried < tries) {
            ask();
            return;
        }
        if (reply.alias() == null) {
            end(aliases == 0 || reply.outcome() != Reply.Outcome.FOUND ? reply
                    : new Reply(reply.outcome(), Math.min(aliasTtlS, reply.ttlS()),
                            reply.addresses(), reply.services(), null, null));
        } else if (++aliases > ALIASES_MAX) {
            end(Reply.failed("more than " + ALIASES_MAX + " aliases"));
        } else {
            aliasTtlS = Math.min(aliasTtlS, reply.ttlS());
            name = reply.alias();
            tried = 0;
            ask();
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        pending.cancel();
        pending = null;
        if (tried < tries) {
            ask();
        } else {
            end(Reply.failed(servers.size() == 1 ? "name server does not answer"
                    : "name servers do not answer"));
        }
    }

    private void end(Reply reply) {
        ctx.timers.clear(this);
        onReply.accept(reply);
    }

    /** Nobody waits for the answer any longer. */
    void cancel() {
        ctx.timers.clear(this);
        if (pending != null) {
            pending.cancel();
            pending = null;
        }
    }
}
