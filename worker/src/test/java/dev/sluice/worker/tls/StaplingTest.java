package dev.sluice.worker.tls;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.config.CertificateConfig;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.ServerTlsConfig;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.identity.CertificateMaker;
import dev.sluice.common.identity.MadeCertificate;
import dev.sluice.common.ocsp.KnownAnswer;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.loop.ErrorLines;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;


/** When authorities are asked, and until when what they have said is shown. */
class StaplingTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 60 * MINUTE_MS;

    @TempDir
    Path folder;
    private final SteppedClock clock = new SteppedClock(NOW.toEpochMilli());
    private final EventLoop loop = new EventLoop("test-loop", clock, () -> { });
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<KnownAnswer> told = new ArrayList<>();
    private final List<HandedFiles> renewed = new ArrayList<>();
    private final List<Runnable> questions = new ArrayList<>();
    private MadeCertificate authority;
    private MadeCertificate own;
    private ServerTlsConfig server;
    private HandedFiles files;
    private Stapling stapling;
    /** What the responder says next; null for nothing. */
    private byte[] answer;

    @BeforeEach
    void start() throws Exception {
        authority = CertificateMaker.ofAuthority("CN=authority", 0, NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(90))).selfSigned();
        own = CertificateMaker.ofServer(List.of("a.test"), false, NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(90))).signedBy(authority);
        own.write(folder, "a", authority);
        LoadedConfig loaded = ConfigText.load("[server a]", "listen = 127.0.0.1:8443 ssl",
                "ssl_certificate = " + folder.resolve("a.crt"),
                "ssl_certificate_key = " + folder.resolve("a.key"), "ssl_stapling = on",
                "ssl_stapling_responder = http://responder.test/");
        server = loaded.config().servers().getFirst().tls();
        files = loaded.files();
        loop.start();
        LoopContext ctx = new LoopContext(loop, new SlabPool(4), CounterWriter.inMemory(1, 1),
                new ErrorLines((level, line) -> lines.add(level + " " + line)), 0, 1);
        stapling = on(() -> new Stapling(ctx, renewed::add, (url, question) -> {
            if (answer == null) {
                throw new IOException("nobody is there");
            }
            return answer;
        }, questions::add));
        shown();
    }

    @AfterEach
    void stop() throws Exception {
        loop.stop();
        loop.join();
        assertNull(loop.failure());
    }

    private <T> T on(Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(10, TimeUnit.SECONDS);
    }

    /** What a server that is made now shows. */
    private byte[] shown() throws Exception {
        CertificateConfig one = server.certificates().getFirst();
        X509Certificate[] chain = {own.certificate(), authority.certificate()};
        return on(() -> {
            stapling.keep(server, files);
            return stapling.answerFor(server, one, chain, files);
        });
    }

    private void ask() throws Exception {
        on(() -> {
            stapling.ask(message -> told.add(
                    KnownAnswer.of(((ControlMessage.Staple) message).answer())));
            return null;
        });
    }

    /** The clock moves, and what is due then is done. */
    private void step(long ms) throws Exception {
        clock.stepMs(ms);
        while (on(() -> loop.clock().nowNs() != clock.nowNs())) {
            Thread.onSpinWait();
        }
        on(() -> {
            stapling.onDeadline(clock.nowNs());
            return null;
        });
    }

    /** A question is answered, or not. */
    private void runQuestion() throws Exception {
        on(() -> null);
        assertEquals(1, questions.size());
        questions.removeFirst().run();
        on(() -> null);
    }

    private byte[] good(Duration life) throws Exception {
        Instant now = Instant.ofEpochMilli(clock.nowMs());
        return TestAnswers.of(own.certificate(), authority, CertificateStatus.GOOD,
                now.minusSeconds(60), now.plus(life), authority);
    }

    /** What the master does with an answer. */
    private void comeBack(KnownAnswer known) {
        files = files.withStaple(folder.resolve("a.crt").toString(), known.packed());
    }

    @Test
    void asksAgainWhenHalfOfTheTimeIsOver() throws Exception {
        assertNull(shown());
        step(HOUR_MS);
        assertEquals(0, questions.size(), "another worker asks");
        ask();
        answer = good(Duration.ofHours(10));
        runQuestion();
        assertArrayEquals(answer, told.getFirst().der());
        comeBack(told.getFirst());
        assertArrayEquals(answer, shown());
        step(5 * HOUR_MS - MINUTE_MS);
        assertEquals(0, questions.size());
        step(2 * MINUTE_MS);
        answer = good(Duration.ofHours(10));
        runQuestion();
        assertEquals(2, told.size());
        assertEquals(0, renewed.size(), "it is shown meanwhile");
    }

    @Test
    void isShownNoLongerThanItIsGood() throws Exception {
        ask();
        answer = good(Duration.ofHours(10));
        runQuestion();
        comeBack(told.getFirst());
        shown();
        answer = null;
        step(10 * HOUR_MS + 1);
        assertFalse(renewed.isEmpty(), "servers are made anew");
        assertNull(shown());
        assertTrue(lines.getLast().contains("shown without an answer"), lines.toString());
    }

    @Test
    void waitsLongerAfterEachFailure() throws Exception {
        ask();
        long[] minutes = {1, 2, 4, 8, 16, 32, 60, 60};
        for (long wait : minutes) {
            runQuestion();
            step(wait * MINUTE_MS - 1_000);
            assertEquals(0, questions.size(), "after " + wait + " minutes");
            step(1_001);
        }
        assertEquals(1, lines.size(), "it is told once: " + lines);
        assertTrue(lines.getFirst().contains("nobody is there"));
        answer = good(Duration.ofHours(1));
        runQuestion();
        assertEquals(1, told.size());
    }

    @Test
    void anAnswerAboutTheCertificateBeforeIsNotShown() throws Exception {
        ask();
        answer = good(Duration.ofHours(10));
        runQuestion();
        comeBack(told.getFirst());
        own = CertificateMaker.ofServer(List.of("a.test"), false, NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(90))).signedBy(authority);
        assertNull(shown());
        step(2_000);
        answer = good(Duration.ofHours(10));
        runQuestion();
        comeBack(told.getLast());
        assertArrayEquals(answer, shown());
    }

    @Test
    void whoIsToldToStopAsksNobody() throws Exception {
        on(() -> {
            stapling.stop();
            return null;
        });
        step(HOUR_MS);
        assertEquals(0, questions.size());
    }
}
