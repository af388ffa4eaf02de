package dev.sluice.modules.jwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that are fetched: an issuer answers what the test lays out for it. */
class KeyUrlTest {

    private static final long REFRESH_MS = 3_600_000;
    private static final String KEYS = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n"
            + "Connection: close\r\n\r\n{\"keys\":[]}";
    private static final String DOWN = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n"
            + "Connection: close\r\n\r\n";

    private final AtomicLong nowMs = new AtomicLong();
    private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private ServerSocket server;
    private KeyUrl url;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::answer, "issuer");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private void answer() {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    byte[] request = new byte[4096];
                    assertTrue(socket.getInputStream().read(request) > 0);
                    String answer = answers.poll(10, TimeUnit.SECONDS);
                    assertNotNull(answer);
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException | InterruptedException e) {
            // The test has ended.
            assertTrue(server.isClosed(), e::toString);
        }
    }

    private void start() {
        url = new KeyUrl("http://127.0.0.1:" + server.getLocalPort() + "/jwks",
                Path.of("/no/authorities"), REFRESH_MS, new TokenKeys(),
                () -> Instant.ofEpochMilli(nowMs.get()));
        url.start();
    }

    /** Looks until it is so; the fetch is on a thread of its own. */
    private void lookUntil(BooleanSupplier so) {
        for (int i = 0; i < 10_000; i++) {
            if (so.getAsBoolean()) {
                return;
            }
            LockSupport.parkNanos(1_000_000);
            url.look();
        }
        throw new AssertionError("it does not come");
    }

    @Test
    void keysCountWhenTheyHaveCome() throws Exception {
        start();
        assertNotNull(url.failure());
        answers.add(KEYS);
        lookUntil(() -> url.failure() == null);
        assertNotNull(url.version());
    }

    @Test
    void theLastGoodOnesStayAndTheOperatorIsTold() throws Exception {
        answers.add(KEYS);
        start();
        lookUntil(() -> url.version() != null);
        Object before = url.version();
        answers.add(DOWN);
        nowMs.addAndGet(3_600_000);
        String[] told = new String[1];
        lookUntil(() -> (told[0] = url.complaint()) != null);
        assertTrue(told[0].endsWith("cannot be fetched: status 503"), told[0]);
        assertNull(url.failure());
        assertEquals(before, url.version());
        answers.add(KEYS);
        nowMs.addAndGet(30_000);
        lookUntil(() -> !before.equals(url.version()));
    }

    @Test
    void aKeyThatIsNotThereBringsTheNextFetchForward() throws Exception {
        answers.add(KEYS);
        start();
        lookUntil(() -> url.version() != null);
        Object before = url.version();
        url.miss();
        nowMs.addAndGet(29_000);
        url.look();
        answers.add(KEYS);
        nowMs.addAndGet(1_000);
        lookUntil(() -> !before.equals(url.version()));
        assertNotEquals(before, url.version());
    }

    @Test
    void anAnswerThatIsNoKeySetIsNotTaken() throws Exception {
        answers.add(KEYS.replace("{\"keys\":[]}", "{\"keyz\":[]}"));
        start();
        lookUntil(() -> url.complaint() != null);
        assertTrue(url.failure().contains("it is no JWK set"), url.failure());
        assertNull(url.version());
    }
}
