package dev.sluice.master.worker;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.FileRenewal;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.common.ocsp.KnownAnswer;
import dev.sluice.common.ocsp.OcspAnswer;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.system.AnswerStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Looks from time to time whether files of certificates have changed, and gives the workers what
 * these hold then:
 *
 * <pre>
 *   resting ──ssl_certificate_watch──► looking ──nothing has changed──► resting
 *                                         │
 *                                         ▼ change
 *                                      settling ──1 s: it goes on──► settling
 *                                         └──1 s: it is over──► reading ──► resting
 * </pre>
 *
 * A certificate and its key are two files, so a change is over when nothing has moved for a
 * second. Files are looked at and read by another thread: a folder that hangs must not stop the
 * loop. Owner: master loop.
 */
final class FileWatch {

    /** Whose files they are. */
    interface Host {
        /** What is served; null for nothing. */
        Generation installed();

        /** @param parts what the workers are told, each a user's files */
        void renewed(Generation next, List<HandedFiles> parts);
    }

    static final long SETTLE_MS = 1_000;

    /** Without a configuration that says how often. */
    private static final long IDLE_MS = 10_000;

    private final Host host;
    private final Timers timers;
    private final Clock clock;
    private final ErrorLog log;
    private final AnswerStore answers;
    private final Executor aside;
    private final Executor onLoop;

    /**
     * @param answers keeps those of authorities for the next master
     * @param aside runs what may take long; it may answer with what to do on the loop
     */
    FileWatch(Host host, Timers timers, Clock clock, ErrorLog log, AnswerStore answers,
            Executor aside, Executor onLoop) {
        this.host = host;
        this.timers = timers;
        this.clock = clock;
        this.log = log;
        this.answers = answers;
        this.aside = aside;
        this.onLoop = onLoop;
    }

    /** A thread for each look: there is one in ten seconds. */
    static void onThread(Runnable look) {
        Thread thread = new Thread(look, "certificates");
        thread.setDaemon(true);
        thread.start();
    }

    void start() {
        rest();
    }

    /** A worker of this generation brings an answer about a certificate. */
    void stapled(Generation of, ControlMessage.Staple staple) {
        Generation now = host.installed();
        if (now == null || now.number() != of.number()
                || now.files().content(staple.certificate()) == null
                || staple.answer().length > KnownAnswer.HEAD_BYTES + OcspAnswer.BYTES_MAX) {
            return;
        }
        HandedFiles files = now.files().withStaple(staple.certificate(), staple.answer());
        host.renewed(now.with(files), FileRenewal.parts(now.config(), files,
                Set.of(staple.certificate())));
        answers.keep(files);
    }

    private void rest() {
        long everyMs = everyMs(host.installed());
        timers.afterMs(everyMs == 0 ? IDLE_MS : everyMs, () -> look(""));
    }

    private static long everyMs(Generation now) {
        return now == null ? 0 : now.config().http().certificateWatchMs();
    }

    /** @param before the change that is to be over; empty for none */
    private void look(String before) {
        Generation now = host.installed();
        if (everyMs(now) == 0 || !FileRenewal.canChange(now.files())) {
            rest();
            return;
        }
        aside.execute(() -> onLoop.execute(seen(now, before)));
    }

    /** On the other thread. @return what is to be done on the loop */
    private Runnable seen(Generation now, String before) {
        try {
            String changes = FileRenewal.changes(now.files());
            if (changes.isEmpty()) {
                return this::rest;
            }
            if (!changes.equals(before)) {
                return () -> timers.afterMs(SETTLE_MS, () -> look(changes));
            }
            FileRenewal renewal = FileRenewal.read(now.files(), clock.nowMs());
            List<HandedFiles> parts = renewal.parts(now.config());
            return () -> read(now, renewal, parts);
        } catch (Exception | Error failed) {
            return () -> {
                log.log(Level.ERROR, "files of certificates cannot be looked at: " + failed);
                rest();
            };
        }
    }

    private void read(Generation was, FileRenewal renewal, List<HandedFiles> parts) {
        // A reload meanwhile has read them itself.
        if (host.installed() == was) {
            for (String wrong : renewal.wrong()) {
                log.log(Level.ERROR, wrong + "; what was there before stays in use");
            }
            for (String doubt : renewal.doubts()) {
                log.log(Level.WARN, doubt);
            }
            if (!renewal.changed().isEmpty()) {
                log.log(Level.NOTICE, "changed, and in use from now on: \""
                        + String.join("\", \"", renewal.changed()) + "\"");
            }
            host.renewed(was.with(renewal.files()), parts);
        }
        rest();
    }
}
