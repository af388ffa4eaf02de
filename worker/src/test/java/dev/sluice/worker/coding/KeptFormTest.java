package dev.sluice.worker.coding;

import static dev.sluice.worker.coding.CodingHarness.bytes;
import static dev.sluice.worker.coding.CodingHarness.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.coding.CodingHarness.Way;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.exchange.SteadyAllocation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A body that comes again is coded once for each coding. */
final class KeptFormTest {

    private static final int REQUESTS = 200;

    private final CodingHarness h = new CodingHarness(10, "gzip = on", "brotli = on", "zstd = on",
            "gzip_bypass = $cookie_session");

    @AfterEach
    void close() {
        assertEquals(0, h.onLoop(() -> h.codings.activeCount()), "coders are given back");
        h.close();
    }

    private RecordingStream send(String request, Way way, byte[] body) {
        return h.answer(request, 200, List.of("Content-Type: text/plain", "ETag: \"e\""),
                body.length, way, List.of(body));
    }

    private RecordingStream get(String coding, byte[] body) {
        return send("GET / HTTP/1.1\nHost: www\nAccept-Encoding: " + coding, Way.COPY, body);
    }

    /** Another body under the same number would not be looked at: so the form was sent. */
    private void checkKept(String coding, byte[] body, RecordingStream client) {
        assertArrayEquals(body, Unpacked.of(coding, bytes(client.body())));
        assertEquals(client.bodyLength(), client.contentLength());
        assertEquals(coding, client.header("content-encoding"));
        assertEquals("Accept-Encoding", client.header("vary"));
        assertEquals("W/\"e\"", client.header("etag"));
        assertNull(client.aborted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void theSecondClientGetsWhatTheFirstOneGot(String coding) {
        h.serial = 7;
        byte[] body = text(5000);
        String first = get(coding, body).body();
        assertEquals(ClientStream.LENGTH_UNKNOWN, h.client.contentLength());
        RecordingStream second = get(coding, new byte[5000]);
        assertEquals(first, second.body());
        checkKept(coding, body, second);
    }

    @Test
    void eachCodingHasItsOwn() {
        h.serial = 7;
        byte[] body = text(5000);
        for (String coding : List.of("gzip", "br", "zstd")) {
            get(coding, body);
        }
        assertEquals(3, h.onLoop(() -> h.codings.forms.count()));
        for (String coding : List.of("zstd", "gzip", "br")) {
            checkKept(coding, body, get(coding, new byte[5000]));
        }
        assertEquals("", get("identity", new byte[5000]).body().replace("\0", ""));
        assertNull(h.client.header("content-encoding"));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anotherBodyIsAnotherNumber(Way way) {
        for (int i = 1; i <= 5; i++) {
            h.serial = i;
            byte[] body = text(40_000 + i);
            String request = "GET / HTTP/1.1\nHost: www\nAccept-Encoding: gzip";
            assertArrayEquals(body, Unpacked.of("gzip", bytes(send(request, way, body).body())));
            checkKept("gzip", body, send(request, way, new byte[40_000 + i]));
        }
    }

    @Test
    void aSlowClientGetsAllOfIt() {
        h.serial = 7;
        byte[] body = new byte[30_000];
        new Random(3).nextBytes(body);
        h.client.roomBytes = 1 << 20;
        get("gzip", body);
        h.client.roomBytes = 777;
        checkKept("gzip", body, get("gzip", new byte[30_000]));
    }

    @Test
    void headSaysWhatGetWould() {
        h.serial = 7;
        int length = get("gzip", text(5000)).bodyLength();
        h.onLoop(() -> {
            h.begin("HEAD / HTTP/1.1\nHost: www\nAccept-Encoding: gzip", 200,
                    List.of("Content-Type: text/plain"), 5000, Way.COPY, List.of());
            assertEquals(length, h.client.contentLength());
            assertFalse(h.step());
            assertTrue(h.step());
            return null;
        });
        assertEquals(0, h.client.bodyLength());
    }

    @Test
    void whoHasASecretGetsNoForm() {
        h.serial = 7;
        byte[] body = text(5000);
        get("gzip", body);
        RecordingStream client = send("GET / HTTP/1.1\nHost: www\nAccept-Encoding: gzip\n"
                + "Cookie: session=1", Way.COPY, body);
        assertNull(client.header("content-encoding"));
        assertArrayEquals(body, bytes(client.body()));
    }

    @Test
    void whatDoesNotGrowSmallerOrEndsEarlyIsNotKept() {
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        h.serial = 1;
        get("gzip", noise);
        h.serial = 2;
        h.onLoop(() -> {
            h.begin("GET / HTTP/1.1\nHost: www\nAccept-Encoding: gzip", 200,
                    List.of("Content-Type: text/plain"), 5000, Way.COPY, List.of(text(1000)));
            h.step();
            h.client.hangUp();
            return null;
        });
        h.serial = 3;
        h.answer("GET / HTTP/1.1\nHost: www\nAccept-Encoding: gzip", 200,
                List.of("Content-Type: text/plain"), 5000, Way.COPY, List.of(text(4000)));
        assertEquals(0, h.onLoop(() -> h.codings.forms.count()));
        assertEquals(0, h.onLoop(() -> h.codings.forms.slabCount()));
    }

    @Test
    void aBodyWithoutANumberOrALengthIsNotKept() {
        get("gzip", text(5000));
        h.serial = 7;
        h.answer("GET / HTTP/1.1\nHost: www\nAccept-Encoding: gzip", 200,
                List.of("Content-Type: text/plain"), ClientStream.LENGTH_UNKNOWN, Way.COPY,
                List.of(text(5000)));
        h.answer("GET / HTTP/1.1\nHost: www\nAccept-Encoding: gzip", 200,
                List.of("Content-Type: text/event-stream"), 5000, Way.COPY,
                List.of(text(5000)));
        assertEquals(0, h.onLoop(() -> h.codings.forms.count()));
    }

    @Test
    void aClientThatLeavesInTheMiddleGivesTheFormBack() {
        h.serial = 7;
        byte[] body = new byte[30_000];
        new Random(3).nextBytes(body);
        get("gzip", body);
        h.client.roomBytes = 100;
        h.onLoop(() -> {
            h.begin("GET / HTTP/1.1\nHost: www\nAccept-Encoding: gzip", 200,
                    List.of("Content-Type: text/plain"), 30_000, Way.COPY, List.of(body));
            h.step();
            h.step();
            assertFalse(h.client.ended());
            h.client.hangUp();
            return null;
        });
        h.client.roomBytes = 1 << 20;
        CoderPool gzip = h.codings.pool("gzip 1", () -> {
            throw new AssertionError("there is one");
        });
        h.onLoop(() -> {
            CodedForm form = h.codings.forms.find(7, gzip);
            assertEquals(1, form.users, "but for this one nobody has it");
            h.codings.forms.release(form);
            return null;
        });
    }

    /** On the loop's own thread, as a worker does it. */
    private long bytesPerRound(String coding, byte[] body) {
        ByteBuffer memory = ByteBuffer.allocateDirect(body.length).put(0, body);
        String text = "GET / HTTP/1.1\nHost: www\nAccept-Encoding: " + coding + "\n\n";
        int length = text.replace("\n", "\r\n").length();
        byte[] name = bytes("Content-Type");
        byte[] type = bytes("text/plain");
        return h.onLoop(() -> {
            h.client.request(text).end();
            return SteadyAllocation.leastBytes(REQUESTS - 1, () -> {
                for (int i = 0; i < REQUESTS; i++) {
                    Exchange x = h.client.again(length);
                    h.gate.enter(x);
                    x.client.beginHead(200);
                    if (h.serial != 0) {
                        x.client.sameBody(h.serial);
                    }
                    x.client.header(name, type);
                    x.client.endHead(body.length);
                    x.client.writeCopy(memory, 0, body.length);
                    x.client.endResponse();
                    if (!h.client.ended()) {
                        throw new AssertionError("it has not gone out with its head");
                    }
                    x.end();
                }
            });
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void nothingIsAllocatedForAKeptForm(String coding) {
        h.serial = 7;
        long bytes = bytesPerRound(coding, text(8000));
        assertTrue(bytes < REQUESTS, () -> bytes + " bytes in " + REQUESTS + " requests");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void nothingIsAllocatedForABodyThatIsCoded(String coding) {
        long bytes = bytesPerRound(coding, text(8000));
        assertTrue(bytes < REQUESTS, () -> bytes + " bytes in " + REQUESTS + " requests");
    }
}
