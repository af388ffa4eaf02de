package dev.sluice.worker.tls;

import dev.sluice.common.config.CertificateConfig;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.ServerTlsConfig;
import dev.sluice.common.config.StaplingConfig;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.log.Level;
import dev.sluice.common.ocsp.KnownAnswer;
import dev.sluice.common.ocsp.OcspAnswer;
import dev.sluice.common.ocsp.OcspQuestion;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What authorities say of the certificates that this worker shows (OCSP stapling, RFC 6066 §8).
 * One worker of all asks, on a thread for each question, and gives the answer to the master; by
 * way of that every worker gets it, with the certificate and its key, and makes its server anew. A
 * handshake never waits: there is an answer, or there is none.
 *
 * <pre>
 *   none ──asked──► good ──half of its time is over: asked──► good
 *     ▲              └── over ──► none
 *     └─ failed: asked again after 1 min, 2 min, up to 1 h
 * </pre>
 *
 * <p>Owner: event loop; a question is its thread's own.
 */
final class Stapling extends Timed {

    private static final long NS_PER_MS = 1_000_000L;
    private static final long LOOK_MS = 1_000;
    private static final long AGAIN_MIN_MS = 60_000;
    private static final long FAILED_MAX_MS = 3_600_000;
    private static final long GOOD_MAX_MS = 24 * 3_600_000L;

    /** One certificate. */
    private static final class Watched {
        private final String path;
        private X509Certificate own;
        private X509Certificate issuer;
        /** Null where nobody is asked. */
        private String url;
        private boolean verify;
        /** Null for none. */
        private KnownAnswer answer;
        private long nextMs;
        private int failures;
        private boolean asking;

        Watched(String path) {
            this.path = path;
        }
    }

    /** How a responder is asked, for as long as it takes. */
    interface Way {
        byte[] ask(String url, byte[] question) throws IOException;
    }

    private final LoopContext ctx;
    private final Consumer<HandedFiles> renew;
    private final Way way;
    private final Consumer<Runnable> aside;
    private final Map<ServerTlsConfig, HandedFiles> files = new HashMap<>();
    private final Map<String, Watched> byPath = new HashMap<>();
    /** Takes good answers; null while another worker asks. */
    private Consumer<ControlMessage.FromWorker> sink;

    /** @param renew makes the servers of these files anew */
    Stapling(LoopContext ctx, Consumer<HandedFiles> renew) {
        this(ctx, renew, Responder::ask, Stapling::onThread);
    }

    /**
     * @param way how responders are asked
     * @param aside runs a question beside the loop
     */
    Stapling(LoopContext ctx, Consumer<HandedFiles> renew, Way way, Consumer<Runnable> aside) {
        this.ctx = ctx;
        this.renew = renew;
        this.way = way;
        this.aside = aside;
        lookLater();
    }

    /** This worker is the one that asks. */
    void ask(Consumer<ControlMessage.FromWorker> answers) {
        sink = answers;
        look();
    }

    void stop() {
        sink = null;
    }

    /** The server of these settings has been made of these files. */
    void keep(ServerTlsConfig config, HandedFiles handed) {
        files.put(config, handed.part(config.files()));
    }

    /** @return what is shown beside a certificate of the server; null for nothing */
    byte[] answerFor(ServerTlsConfig config, CertificateConfig one, X509Certificate[] chain,
            HandedFiles handed) {
        StaplingConfig stapling = config.stapling();
        Watched watched = byPath.computeIfAbsent(one.certificate(), Watched::new);
        boolean same = chain[0].equals(watched.own);
        watched.own = chain[0];
        watched.issuer = chain.length > 1 ? chain[1] : null;
        watched.verify = stapling.verify();
        watched.url = stapling.file() != null || watched.issuer == null ? null
                : stapling.responder() != null ? stapling.responder()
                : OcspQuestion.responder(chain[0]);
        watched.answer = usable(watched, stapling, handed.staple(one.certificate()));
        long nowMs = ctx.clock.nowMs();
        if (watched.answer != null) {
            watched.failures = 0;
            watched.nextMs = nowMs + Math.clamp((watched.answer.endsMs() - nowMs) / 2,
                    AGAIN_MIN_MS, GOOD_MAX_MS);
        } else if (!same) {
            watched.failures = 0;
            watched.nextMs = nowMs;
        }
        return watched.answer == null ? null : watched.answer.der();
    }

    /** One from a file is verified here, others were by the worker that has asked. */
    private KnownAnswer usable(Watched watched, StaplingConfig stapling, byte[] answer) {
        if (answer == null || watched.issuer == null) {
            return null;
        }
        KnownAnswer known = KnownAnswer.of(answer);
        long nowMs = ctx.clock.nowMs();
        if (known != null) {
            return known.isAbout(watched.own) && known.endsMs() > nowMs ? known : null;
        }
        try {
            OcspAnswer good = OcspAnswer.of(answer, watched.own, watched.issuer, watched.verify,
                    nowMs);
            return KnownAnswer.of(good.der(), good.endsMs(), watched.own);
        } catch (OcspAnswer.Unusable e) {
            if (stapling.file() != null) {
                ctx.log.log(Level.WARN, "the answer in \"" + stapling.file() + "\" about \""
                        + watched.path + "\" is not shown: " + e.getMessage());
            }
            return null;
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        look();
    }

    private void lookLater() {
        ctx.timers.set(this, ctx.clock.nowNs() + LOOK_MS * NS_PER_MS);
    }

    private void look() {
        lookLater();
        long nowMs = ctx.clock.nowMs();
        Set<String> ended = new HashSet<>();
        for (Watched watched : byPath.values()) {
            if (watched.answer != null && watched.answer.endsMs() <= nowMs) {
                ended.add(watched.path);
            }
            if (sink != null && watched.url != null && !watched.asking
                    && watched.nextMs <= nowMs) {
                ask(watched);
            }
        }
        if (!ended.isEmpty()) {
            ctx.log.log(Level.WARN, "shown without an answer of its authority from now on: "
                    + ended);
            for (Map.Entry<ServerTlsConfig, HandedFiles> one : Map.copyOf(files).entrySet()) {
                if (one.getKey().files().stream().anyMatch(ended::contains)) {
                    renew.accept(one.getValue());
                }
            }
        }
    }

    private void ask(Watched watched) {
        watched.asking = true;
        X509Certificate own = watched.own;
        X509Certificate issuer = watched.issuer;
        String url = watched.url;
        boolean verify = watched.verify;
        long nowMs = ctx.clock.nowMs();
        aside.accept(() -> {
            try {
                byte[] der = way.ask(url, OcspQuestion.of(own, issuer));
                OcspAnswer good = OcspAnswer.of(der, own, issuer, verify, nowMs);
                KnownAnswer known = KnownAnswer.of(good.der(), good.endsMs(), own);
                ctx.loop.execute(() -> answered(watched, known));
            } catch (Exception | Error e) {
                ctx.loop.execute(() -> failed(watched, e.getMessage() == null ? e.toString()
                        : e.getMessage()));
            }
        });
    }

    private static void onThread(Runnable question) {
        Thread thread = new Thread(question, "ocsp");
        thread.setDaemon(true);
        thread.start();
    }

    private void answered(Watched watched, KnownAnswer good) {
        watched.asking = false;
        // It counts when it has come back: then all workers have it.
        watched.nextMs = ctx.clock.nowMs() + AGAIN_MIN_MS;
        if (sink != null) {
            sink.accept(new ControlMessage.Staple(watched.path, good.packed()));
        }
    }

    private void failed(Watched watched, String why) {
        watched.asking = false;
        long waitMs = Math.min(FAILED_MAX_MS, AGAIN_MIN_MS << Math.min(watched.failures, 10));
        watched.nextMs = ctx.clock.nowMs() + waitMs;
        if (watched.failures++ == 0) {
            boolean needed = watched.answer == null && OcspQuestion.mustStaple(watched.own);
            ctx.log.log(needed ? Level.ERROR : Level.WARN, "no answer about \"" + watched.path
                    + "\" from " + watched.url + ": " + why
                    + (needed ? "; clients that know its authority's wish refuse it" : ""));
        }
    }
}
