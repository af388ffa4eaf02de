package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.tls.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** First bytes of TLS clients, in all pieces they may come in, and of those that are none. */
class TlsHelloTest {

    private static final int HANDSHAKE = 22;
    private static final int ALERT = 21;
    private static final int DECODE_ERROR = 50;
    private static final int UNRECOGNIZED_NAME = 112;
    private static final int PADDING = 21;

    @TempDir
    static Path folder;
    private static TestCertificates own;
    private DownstreamHarness harness;

    @BeforeAll
    static void makeCertificate() throws Exception {
        own = TestCertificates.make(folder, "a.test", "dns:a.test");
    }

    @BeforeEach
    void start() {
        LoadedConfig config = ConfigText.load("[server a]", "listen = 127.0.0.1:8443 ssl",
                "server_name = a.test", "ssl_certificate = " + own.certificate(),
                "ssl_certificate_key = " + own.key(),
                "[server refused]", "listen = 127.0.0.1:8443 ssl", "server_name = no.test",
                "ssl_reject_handshake = on");
        harness = new DownstreamHarness(DownstreamHarness.patientClient(), 10_000, 16, config,
                EchoHandler::new);
    }

    @AfterEach
    void stop() throws InterruptedException {
        harness.close();
    }

    /** What was sent has been seen: two tasks lie a whole turn of the loop apart. */
    private void letTheLoopSee() {
        for (int i = 0; i < 2; i++) {
            harness.onLoop(() -> null);
        }
    }

    private void assertNothingIsHeld() {
        letTheLoopSee();
        assertEquals(0, harness.onLoop(() -> harness.ctx.slabs.lentCount()));
        assertEquals(0, harness.onLoop(() -> harness.downstreams().openCount()));
    }

    private Socket connect() throws IOException {
        return harness.connect(new Socket());
    }

    private static void assertRefused(int alert, Socket client) throws IOException {
        assertArrayEquals(new byte[] {ALERT, 3, 3, 0, 2, 2, (byte) alert},
                client.getInputStream().readAllBytes());
    }

    private void refuses(int alert, byte[] bytes) throws IOException {
        try (Socket client = connect()) {
            client.getOutputStream().write(bytes);
            assertRefused(alert, client);
        }
        assertNothingIsHeld();
    }

    @Test
    void shouldReadAHelloCutAtEveryByte() throws Exception {
        byte[] served = Hello.of("a.test");
        byte[] unknown = Hello.of("no.test");
        for (int at = 1; at < served.length; at++) {
            try (Socket client = connect()) {
                client.getOutputStream().write(served, 0, at);
                letTheLoopSee();
                client.getOutputStream().write(served, at, served.length - at);
                assertEquals(HANDSHAKE, client.getInputStream().read(), "cut at " + at);
            }
        }
        for (int at = 1; at < unknown.length; at++) {
            try (Socket client = connect()) {
                client.getOutputStream().write(unknown, 0, at);
                letTheLoopSee();
                client.getOutputStream().write(unknown, at, unknown.length - at);
                assertRefused(UNRECOGNIZED_NAME, client);
            }
        }
    }

    @Test
    void shouldReadAHelloThatComesByteByByte() throws Exception {
        byte[] bytes = Hello.of("a.test");
        try (Socket client = connect()) {
            for (int i = 0; i < bytes.length; i++) {
                client.getOutputStream().write(bytes, i, 1);
                letTheLoopSee();
                // What has come lies in one slab; the engine is made when all is there.
                assertTrue(harness.onLoop(() -> harness.ctx.slabs.lentCount()) <= 1);
            }
            assertEquals(HANDSHAKE, client.getInputStream().read());
        }
    }

    /** One of this name, in one record, with so many bytes that say nothing (RFC 7685). */
    private static byte[] padded(String name, int count) throws Exception {
        byte[] hello = Hello.of(name);
        ByteBuffer grown = ByteBuffer.allocate(hello.length + 4 + count).put(hello);
        grown.putShort((short) PADDING).putShort((short) count);
        int record = grown.capacity() - 5;
        grown.putShort(3, (short) record).put(6, (byte) 0).putShort(7, (short) (record - 4));
        // Session id, suites and compression stand before the extensions.
        int at = 5 + 4 + 2 + 32;
        at += 1 + (hello[at] & 0xff);
        at += 2 + ((hello[at] & 0xff) << 8 | hello[at + 1] & 0xff);
        at += 1 + (hello[at] & 0xff);
        grown.putShort(at, (short) (grown.capacity() - at - 2));
        return grown.array();
    }

    @Test
    void shouldReadALongHelloAndNoneThatIsTooLong() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream().write(padded("a.test", 15_000));
            assertEquals(HANDSHAKE, client.getInputStream().read());
        }
        letTheLoopSee();
        // Its first record says how much there will be; nobody waits for it, or makes room.
        byte[] announced = {HANDSHAKE, 3, 1, 0x40, 0, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff};
        refuses(DECODE_ERROR, announced);
        byte[] just64k = {HANDSHAKE, 3, 1, 0x40, 0, 1, 1, 0, 0};
        refuses(DECODE_ERROR, just64k);
    }

    @Test
    void shouldNotGatherAHelloFromAnyNumberOfRecords() throws Exception {
        byte[] message = Arrays.copyOfRange(Hello.of("a.test"), 5, 200);
        ByteBuffer records = ByteBuffer.allocate(6 * message.length);
        for (byte one : message) {
            records.put(new byte[] {HANDSHAKE, 3, 1, 0, 1, one});
        }
        refuses(DECODE_ERROR, Arrays.copyOf(records.array(), 6 * 64));
    }

    @Test
    void shouldRefuseWhatIsNoHello() throws Exception {
        // The hello of SSL 2.0, that old clients began with (RFC 5246 §E.2).
        byte[] sslV2 = {(byte) 0x80, 0x1c, 1, 3, 1, 0, 3, 0, 0, 0, 16, 0, 0, 4};
        refuses(DECODE_ERROR, sslV2);
        byte[] emptyRecord = {HANDSHAKE, 3, 1, 0, 0};
        refuses(DECODE_ERROR, emptyRecord);
        byte[] alertFirst = {ALERT, 3, 1, 0, 2, 2, 40};
        refuses(DECODE_ERROR, alertFirst);
        byte[] dataFirst = {23, 3, 3, 0, 4, 'G', 'E', 'T', ' '};
        refuses(DECODE_ERROR, dataFirst);
        long seed = new Random().nextLong();
        System.out.println("TlsHelloTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[1 + random.nextInt(300)];
            random.nextBytes(garbage);
            // Neither a letter, which may be HTTP, nor a handshake that may go on.
            garbage[0] = (byte) (0x80 | garbage[0] & 0x3f);
            refuses(DECODE_ERROR, garbage);
        }
    }

    @Test
    void shouldForgetAClientThatLeavesInTheMiddle() throws Exception {
        byte[] hello = Hello.of("a.test");
        for (int at : new int[] {0, 1, 5, 100, hello.length}) {
            try (Socket client = connect()) {
                client.getOutputStream().write(hello, 0, at);
                letTheLoopSee();
            }
            assertNothingIsHeld();
        }
    }

    @Test
    void shouldSayToAClientOfPlainHttpWhatIsWrong() throws Exception {
        for (String first : new String[] {"G", "GET / HTTP/1.1\r\nHo"}) {
            String request = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";
            try (Socket client = connect()) {
                byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
                client.getOutputStream().write(bytes, 0, first.length());
                letTheLoopSee();
                client.getOutputStream().write(bytes, first.length(),
                        bytes.length - first.length());
                String answer = new DownstreamHarness.Client(client).readToEnd();
                assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
            }
        }
    }
}
