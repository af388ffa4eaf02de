package dev.sluice.worker.access;

import dev.sluice.common.log.Level;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Offload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A check of credentials that takes too long for the loop. What was found good counts for a while
 * without another look, unless the source that it was compared with changes. Requests with the same
 * credentials wait for one comparison.
 *
 * <p>Owner: event loop; {@link #prove} and the source belong to the side thread.
 *
 * @param <T> what good credentials stand for
 */
abstract class SlowCheck<T> implements AccessCheck {

    /** What came of a comparison: a value and how long it counts, or why not. */
    record Finding<T>(T value, long validNs, Denial denial) {

        static <T> Finding<T> no(Denial why) {
            return new Finding<>(null, 0, why);
        }
    }

    private static final int PROOFS_MAX = 4096;
    private static final Denial BUSY =
            Denial.of(503, Level.WARN, "too many credentials wait to be checked");

    private final Source source;
    private final Offload offload;
    private final Proofs<T> proofs = new Proofs<>(PROOFS_MAX);
    private final Map<ByteBuffer, List<Waiting>> waiting = new HashMap<>();
    private final LineBudget budget = new LineBudget();
    /** Which version of the source the proofs are of. */
    private Object version;
    private long lookedNs;
    private boolean looking;

    SlowCheck(Source source, Offload offload) {
        this.source = source;
        this.offload = offload;
    }

    /** The credentials of a request; null when it has none. */
    abstract byte[] credentials(Exchange x);

    /** The answer to a request without any. */
    abstract Denial missing();

    /** On the side thread. */
    abstract Finding<T> prove(byte[] credentials);

    /** The request may come, as this. */
    abstract void admit(Exchange x, T value);

    @Override
    public final Verdict check(Exchange x) {
        byte[] credentials = credentials(x);
        if (credentials == null) {
            return missing();
        }
        ByteBuffer digest = proofs.digest(credentials);
        T known = proofs.find(digest, x.ctx.clock.nowNs());
        if (known != null) {
            lookAtSource(x);
            admit(x, known);
            return null;
        }
        Waiting pending = new Waiting();
        List<Waiting> others = waiting.get(digest);
        if (others != null) {
            others.add(pending);
            return pending;
        }
        if (!offload.submit(x.ctx.loop, () -> proved(x.ctx, digest, credentials))) {
            return BUSY;
        }
        waiting.put(digest, new ArrayList<>(List.of(pending)));
        return pending;
    }

    /**
     * What follows a scheme in the Authorization field; null unless there is exactly one such field
     * and it has this scheme and is not too long.
     */
    static byte[] afterScheme(Exchange x, byte[] scheme, int bytesMax) {
        HeaderTable headers = x.request.headers;
        int i = headers.find(HeaderName.AUTHORIZATION);
        if (i < 0 || headers.findNext(HeaderName.AUTHORIZATION, i) >= 0) {
            return null;
        }
        ByteBuffer b = headers.buffer();
        int from = headers.valueOffset(i);
        int end = from + headers.valueLength(i);
        if (end - from <= scheme.length || end - from > bytesMax
                || !AsciiBytes.equalsIgnoreCase(b, from, scheme.length, scheme)) {
            return null;
        }
        from = AsciiBytes.skipSpace(b, from + scheme.length, end);
        byte[] rest = new byte[end - from];
        b.get(from, rest);
        return rest;
    }

    /** On the side thread; what it gives runs on the loop. */
    private Runnable proved(LoopContext ctx, ByteBuffer digest, byte[] credentials) {
        Finding<T> finding;
        try {
            finding = prove(credentials);
        } catch (RuntimeException | Error e) {
            // Whatever it is, requests wait for an answer.
            finding = Finding.no(new Denial(500, null, Level.ERROR,
                    "credentials cannot be checked", e.toString()));
        }
        Object seen = source.version();
        String complaint = source.complaint();
        Finding<T> found = finding;
        return () -> {
            complain(ctx, complaint);
            found(ctx, digest, found, seen);
        };
    }

    private void found(LoopContext ctx, ByteBuffer digest, Finding<T> found, Object seen) {
        sourceIs(seen);
        if (found.value != null) {
            proofs.add(digest, found.value, ctx.clock.nowNs() + found.validNs);
        }
        List<Waiting> all = waiting.remove(digest);
        for (int i = 0; i < all.size(); i++) {
            Exchange x = all.get(i).exchange();
            if (x != null && found.value != null) {
                admit(x, found.value);
                all.get(i).decide(null);
            } else if (x != null) {
                // Who waited for another's comparison has nothing new to tell.
                Level level = i == 0 && found.denial.level() != null
                        ? budget.level(x, found.denial.level()) : null;
                all.get(i).decide(found.denial.at(level));
            }
        }
    }

    /** What is not compared any more must not outlive a change of the source. */
    private void lookAtSource(Exchange x) {
        long nowNs = x.ctx.clock.nowNs();
        if (looking || nowNs - lookedNs < Source.LOOK_NS) {
            return;
        }
        lookedNs = nowNs;
        LoopContext ctx = x.ctx;
        looking = offload.submit(ctx.loop, () -> {
            source.look();
            Object seen = source.version();
            String complaint = source.complaint();
            return () -> {
                complain(ctx, complaint);
                looking = false;
                sourceIs(seen);
            };
        });
    }

    private static void complain(LoopContext ctx, String complaint) {
        if (complaint != null) {
            ctx.log.log(Level.WARN, complaint);
        }
    }

    private void sourceIs(Object seen) {
        if (seen == null || !seen.equals(version)) {
            proofs.clear();
            version = seen;
        }
    }

    /** A request whose credentials are being compared. */
    private static final class Waiting extends PendingCheck {
        @Override
        void cancel() {
            // The comparison goes on; it is of use to the next request.
        }
    }
}
