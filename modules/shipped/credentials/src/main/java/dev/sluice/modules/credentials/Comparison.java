package dev.sluice.modules.credentials;

import dev.sluice.module.HttpExchange;
import dev.sluice.module.ModuleLog;
import dev.sluice.module.RequestHook;
import dev.sluice.module.Verdict;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * A check of credentials that takes too long for the event loop. What was found good counts for a
 * while without another look, unless the source that it was compared with changes. Requests with
 * the same credentials wait for one comparison.
 *
 * <p>Owner: event loop; the prover and the source belong to the side thread.
 *
 * @param <T> what good credentials stand for
 */
public final class Comparison<T> {

    /** Compares credentials, on the side thread. */
    public interface Prover<T> {
        Finding<T> prove(byte[] credentials);
    }

    private static final int PROOFS_MAX = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** As many may be forgotten, as their clients left, before they are looked for. */
    private static final int LEFT_MAX = 1024;

    private final Source source;
    private final SideThread side;
    private final Prover<T> prover;
    private final BiConsumer<HttpExchange, T> admit;
    private final ModuleLog log;
    private final InstantSource clock;
    private final Proofs<T> proofs = new Proofs<>(PROOFS_MAX);
    private final Map<ByteBuffer, CompletableFuture<RequestHook>> waiting = new HashMap<>();
    private final LineBudget budget;
    /** Which version of the source the proofs are of. */
    private Object version;
    private long lookedMs;
    private CompletableFuture<Object> looking = CompletableFuture.completedFuture(null);

    /** @param admit told of each request that may come, and what it comes as */
    public Comparison(Source source, SideThread side, Prover<T> prover,
            BiConsumer<HttpExchange, T> admit, ModuleLog log, InstantSource clock) {
        this.source = source;
        this.side = side;
        this.prover = prover;
        this.admit = admit;
        this.log = log;
        this.clock = clock;
        this.budget = new LineBudget(clock);
    }

    /** Decides about a request with these credentials, or has it wait. */
    public Verdict check(HttpExchange x, byte[] credentials) {
        takeLook();
        ByteBuffer digest = proofs.digest(credentials);
        T known = proofs.find(digest, clock.millis());
        if (known != null) {
            lookAtSource();
            admit.accept(x, known);
            return Verdict.NEXT;
        }
        CompletableFuture<RequestHook> pending = waiting.get(digest);
        // One that is done and was not taken belongs to clients that have left: it may be old.
        if (pending == null || pending.isDone()) {
            pending = new CompletableFuture<>();
            CompletableFuture<RequestHook> one = pending;
            if (!side.submit(() -> one.complete(proved(one, digest, credentials)))) {
                if (budget.spend()) {
                    log.warn("too many credentials wait to be checked");
                }
                return Verdict.respond(503);
            }
            if (waiting.size() >= LEFT_MAX) {
                waiting.values().removeIf(CompletableFuture::isDone);
            }
            waiting.put(digest, pending);
        }
        return Verdict.suspend(pending, PATIENCE);
    }

    /** On the side thread; what it gives runs on the loop, once for each request that waits. */
    private RequestHook proved(CompletableFuture<RequestHook> one, ByteBuffer digest,
            byte[] credentials) {
        Finding<T> finding;
        try {
            finding = prover.prove(credentials);
        } catch (RuntimeException | LinkageError e) {
            // Whatever it is, requests wait for an answer.
            finding = Finding.failed("credentials cannot be checked: " + e);
        }
        return new Decision(one, digest, finding, source.version(), source.complaint());
    }

    private final class Decision implements RequestHook {
        private final CompletableFuture<RequestHook> one;
        private final ByteBuffer digest;
        private final Finding<T> found;
        private final Object seen;
        private final String complaint;
        /** Who waited for another's comparison has nothing new to tell. */
        private boolean told;

        Decision(CompletableFuture<RequestHook> one, ByteBuffer digest, Finding<T> found,
                Object seen, String complaint) {
            this.one = one;
            this.digest = digest;
            this.found = found;
            this.seen = seen;
            this.complaint = complaint;
        }

        @Override
        public Verdict onRequest(HttpExchange x) {
            if (!told) {
                told = true;
                first(x);
            }
            if (found.value() == null) {
                return found.refusal();
            }
            admit.accept(x, found.value());
            return Verdict.NEXT;
        }

        private void first(HttpExchange x) {
            waiting.remove(digest, one);
            complain(complaint);
            sourceIs(seen);
            if (found.value() != null) {
                proofs.add(digest, found.value(), clock.millis() + found.validMs());
            } else if (found.line() != null && budget.spend()) {
                String line = found.line() + ", client: " + x.remoteAddress() + ", request: \""
                        + x.method() + " " + x.path() + "\"";
                if (found.error()) {
                    log.error(line);
                } else {
                    log.warn(line);
                }
            }
        }
    }

    /** What is not compared any more must not outlive a change of the source. */
    private void lookAtSource() {
        long nowMs = clock.millis();
        if (!looking.isDone() || Math.abs(nowMs - lookedMs) < Source.LOOK_MS) {
            return;
        }
        lookedMs = nowMs;
        CompletableFuture<Object> look = new CompletableFuture<>();
        if (side.submit(() -> {
            source.look();
            look.complete(new Look(source.version(), source.complaint()));
        })) {
            looking = look;
        }
    }

    private record Look(Object version, String complaint) {}

    /** What a look has found counts from the next request on. */
    private void takeLook() {
        if (looking.isDone() && looking.getNow(null) instanceof Look look) {
            looking = CompletableFuture.completedFuture(null);
            complain(look.complaint);
            sourceIs(look.version);
        }
    }

    private void complain(String complaint) {
        if (complaint != null) {
            log.warn(complaint);
        }
    }

    private void sourceIs(Object seen) {
        if (seen == null || !seen.equals(version)) {
            proofs.clear();
            version = seen;
        }
    }
}
