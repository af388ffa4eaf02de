package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.tickets.TicketSecret;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.tls.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client goes from worker to worker with its session. */
class TlsResumptionTest {

    private static final String LAST =
            "GET /hello HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";
    private static final long PERIOD_MS = 60_000;

    @TempDir
    static Path folder;
    private static TestCertificates one;
    private static TestCertificates other;

    private final TicketSecret secret =
            TicketSecret.random(PERIOD_MS, SystemClock.INSTANCE.nowMs());
    private final List<DownstreamHarness> workers = new ArrayList<>();
    private SSLContext client;

    @BeforeAll
    static void makeCertificates() throws Exception {
        one = TestCertificates.make(folder, "a.test", "dns:a.test");
        other = TestCertificates.make(folder, "other", "dns:a.test");
    }

    @BeforeEach
    void makeClient() throws Exception {
        client = one.context(one, other);
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (DownstreamHarness worker : workers) {
            worker.close();
        }
    }

    private DownstreamHarness worker(String... lines) {
        return worker(secret, SystemClock.INSTANCE, one, lines);
    }

    private DownstreamHarness worker(TicketSecret handed, Clock clock, TestCertificates shown,
            String... lines) {
        LoadedConfig config = ConfigText.load("[http]", "ssl_session_timeout = 1m",
                String.join("\n", lines), "[server a]", "listen = 127.0.0.1:8443 ssl",
                "ssl_certificate = " + shown.certificate(),
                "ssl_certificate_key = " + shown.key());
        DownstreamHarness worker = new DownstreamHarness(DownstreamHarness.patientClient(), 10_000,
                64, new LoadedConfig(config.config(), List.of(), List.of(), () -> "", config.jvm(),
                config.files().with(TicketSecret.NAME, handed.packed()), config.variables(),
                config.secrets()), clock,
                EchoHandler::new);
        workers.add(worker);
        return worker;
    }

    private void visit(DownstreamHarness worker, String protocol) throws IOException {
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(
                worker.connect(new At443()), "a.test", 443, true)) {
            socket.setEnabledProtocols(new String[] {protocol});
            String answer = new DownstreamHarness.Client(socket).send(LAST).readToEnd();
            assertTrue(answer.endsWith("hello"), answer);
        }
    }

    /** The JDK looks for sessions by name and port, and each connection here has its own port. */
    private static final class At443 extends Socket {
        @Override
        public int getPort() {
            return 443;
        }
    }

    private static void assertResumed(long resumed, long full, DownstreamHarness worker) {
        assertEquals(resumed, worker.counters.get(CounterId.TLS_HANDSHAKES_RESUMED), "resumed");
        assertEquals(full, worker.counters.get(CounterId.TLS_HANDSHAKES_FULL), "full");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldResumeAtAnyWorkerOfOneMaster(String protocol) throws Exception {
        DownstreamHarness first = worker();
        DownstreamHarness second = worker();
        visit(first, protocol);
        for (int i = 0; i < 3; i++) {
            visit(second, protocol);
            visit(first, protocol);
        }
        assertResumed(3, 1, first);
        assertResumed(3, 0, second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldNotResumeWithTheSecretOfAnother(String protocol) throws Exception {
        visit(worker(), protocol);
        DownstreamHarness stranger = worker(
                TicketSecret.random(PERIOD_MS, SystemClock.INSTANCE.nowMs()), SystemClock.INSTANCE,
                one);
        visit(stranger, protocol);
        assertResumed(0, 1, stranger);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldNotResumeAtAServerThatShowsAnotherCertificate(String protocol) throws Exception {
        visit(worker(), protocol);
        DownstreamHarness stranger = worker(secret, SystemClock.INSTANCE, other);
        visit(stranger, protocol);
        assertResumed(0, 1, stranger);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldMakeTheKeysAnewAndForgetOldOnes(String protocol) throws Exception {
        visit(worker(), protocol);
        DownstreamHarness later = worker(secret, ahead(PERIOD_MS), one);
        visit(later, protocol);
        assertResumed(1, 0, later);
        DownstreamHarness muchLater = worker(secret, ahead(4 * PERIOD_MS), one);
        visit(muchLater, protocol);
        assertResumed(0, 1, muchLater);
    }

    private static Clock ahead(long ms) {
        return new Clock() {
            @Override
            public long nowNs() {
                return SystemClock.INSTANCE.nowNs();
            }

            @Override
            public long nowMs() {
                return SystemClock.INSTANCE.nowMs() + ms;
            }
        };
    }

    @Test
    void shouldResumeAtMachinesThatShareAFile() throws Exception {
        Path old = Files.write(folder.resolve("old.key"), new byte[48]);
        Path young = Files.write(folder.resolve("young.key"), new byte[80]);
        String before = "ssl_session_ticket_key = " + old;
        String after = "ssl_session_ticket_key = " + young + "\n" + before;
        visit(worker(secret, SystemClock.INSTANCE, one, before), "TLSv1.3");
        DownstreamHarness second = worker(TicketSecret.random(PERIOD_MS, 0), ahead(9 * PERIOD_MS),
                one, after);
        visit(second, "TLSv1.3");
        assertResumed(1, 0, second);
        makeClient();
        visit(second, "TLSv1.3");
        DownstreamHarness third = worker(before);
        visit(third, "TLSv1.3");
        assertResumed(0, 1, third);
    }

    @Test
    void shouldTakeChangedFilesAtOnceAndDecryptWithWhatTheyHold() throws Exception {
        Path young = Files.write(folder.resolve("first.key"), new byte[80]);
        Path old = Files.write(folder.resolve("second.key"), new byte[48]);
        String keys = "ssl_session_ticket_key = " + young + "\nssl_session_ticket_key = " + old;
        DownstreamHarness worker = worker(keys);
        visit(worker, "TLSv1.3");
        byte[] next = new byte[80];
        next[0] = 1;
        worker.onLoop(() -> {
            worker.tls().renew(new HandedFiles().with(young.toString(), next)
                    .with(old.toString(), new byte[80]));
            return null;
        });
        visit(worker, "TLSv1.3");
        assertResumed(1, 1, worker);
        worker.onLoop(() -> {
            worker.tls().renew(new HandedFiles().with(young.toString(), new byte[48])
                    .with(old.toString(), new byte[48]));
            return null;
        });
        visit(worker, "TLSv1.3");
        assertResumed(1, 2, worker);
    }

    @Test
    void shouldGiveNoTicketsWhenTheyAreOff() throws Exception {
        DownstreamHarness worker = worker("ssl_session_tickets = off");
        for (String protocol : List.of("TLSv1.2", "TLSv1.2", "TLSv1.3", "TLSv1.3")) {
            visit(worker, protocol);
        }
        assertResumed(0, 4, worker);
    }
}
