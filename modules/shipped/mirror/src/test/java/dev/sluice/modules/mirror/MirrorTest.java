package dev.sluice.modules.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.module.ModuleException;
import dev.sluice.module.testkit.InMemorySluice;
import dev.sluice.module.testkit.TestRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MirrorTest {

    private ServerSocket place;

    @BeforeEach
    void open() throws IOException {
        place = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        place.setSoTimeout(10_000);
    }

    @AfterEach
    void close() throws IOException {
        place.close();
    }

    private InMemorySluice with(String... ofModule) throws ModuleException {
        InMemorySluice sluice = InMemorySluice.of(new MirrorModule())
                .set("mirror", "http://127.0.0.1:" + place.getLocalPort());
        if (ofModule.length > 0) {
            sluice.setOfModule(ofModule[0], ofModule[1]);
        }
        return sluice.open();
    }

    private static TestRequest request(String method, String target) {
        return TestRequest.of(method, target).variable("request_uri", target);
    }

    /** The head of the next copy. */
    private String arrives() throws IOException {
        try (Socket copy = place.accept()) {
            copy.setSoTimeout(10_000);
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) copy.getInputStream().read());
            }
            copy.getOutputStream().write("HTTP/1.1 204 No\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            return head.toString();
        }
    }

    @Test
    void aCopyHasTargetHostAndFields() throws Exception {
        try (InMemorySluice sluice = with()) {
            assertEquals("of the peer", sluice.send(request("GET", "/a%20b?c").header("X-A", "1")
                    .header("Connection", "x").header("X-A", "2")).body());
            String head = arrives();
            assertTrue(head.startsWith("GET /a%20b?c HTTP/1.1\r\nHost: www.example.com\r\n"), head);
            assertTrue(head.contains("x-a: 1\r\nx-a: 2\r\n"), head);
            assertTrue(head.contains("Connection: close\r\n") && !head.contains("connection: x"));
            assertEquals(1, sluice.counter("queued"));
        }
    }

    @Test
    void whatChangesSomethingIsNotCopied() throws Exception {
        try (InMemorySluice sluice = with()) {
            sluice.send(request("POST", "/"));
            sluice.send(request("GET", "/").header(MirrorModule.MARK, "1"));
            assertEquals(0, sluice.counter("queued"));
        }
    }

    @Test
    void aShareIsTakenEvenly() {
        MirrorModule.Share share = new MirrorModule.Share(25);
        int taken = 0;
        for (int i = 0; i < 100; i++) {
            taken += share.takes() ? 1 : 0;
            assertTrue(Math.abs(taken * 4 - i) <= 4);
        }
        assertEquals(25, taken);
    }

    @Test
    void aPlaceThatDoesNotAnswerCostsAFewCopiesInMemory() throws Exception {
        try (InMemorySluice sluice = with("waiting", "2")) {
            for (int i = 0; i < 20; i++) {
                sluice.send(request("GET", "/"));
            }
            // Four are being sent, two wait.
            assertTrue(sluice.counter("queued") <= 6 + 4, () -> "" + sluice.counter("queued"));
            assertEquals(20, sluice.counter("queued") + sluice.counter("dropped"));
        }
    }

    @Test
    void offAndPlacesThatAreNone() throws Exception {
        try (InMemorySluice sluice = InMemorySluice.of(new MirrorModule()).set("mirror", "off")
                .open()) {
            assertFalse(sluice.hasHooks());
        }
        for (String bad : new String[] {"https://a", "http://a/b", "a", "http://"}) {
            assertThrows(ModuleException.class, () -> InMemorySluice.of(new MirrorModule())
                    .set("mirror", bad).open(), bad);
        }
    }
}
