package dev.sluice.common.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written by a worker is read by anybody, whatever the worker was at. */
final class FlightFileTest {

    private static final List<String> REASONS = List.of("done", "client_reset");
    private static final List<String> BLOCKS = List.of("www", "www\t/api/");

    @TempDir
    Path folder;
    private Path file;
    private FlightWriter writer;

    @BeforeEach
    void create() throws IOException {
        file = FlightFile.beside(folder.resolve("slot0-gen1-1.ctr"));
        FlightFile.create(file, 4, REASONS, BLOCKS);
        writer = FlightWriter.open(file);
    }

    private long begin(String request) {
        int at = writer.begin(1_700_000_000_000L);
        writer.words().put(FlightWriter.clientAt(at),
                "192.0.2.7".getBytes(StandardCharsets.US_ASCII));
        byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
        return writer.begun(at, 9, 5012, ByteBuffer.wrap(bytes), 0, bytes.length, 0);
    }

    private void end(long serial, int status) {
        int at = writer.find(serial);
        writer.route(at, 0, 1);
        byte[] peer = "10.0.0.1:80".getBytes(StandardCharsets.US_ASCII);
        writer.words().put(FlightWriter.peerAt(at), peer);
        writer.times(at, 1_000_000, 2_000_000, -1);
        writer.peer(at, peer.length, 504, 2);
        writer.ended(at, status, 1, 120, 300, 3_000_000);
    }

    @Test
    void lineHasWhatIsKnown() throws IOException {
        end(begin("GET /api/x"), 502);
        assertEquals("2023-11-14T22:13:20.000Z 0.003000 502 client_reset client=192.0.2.7:5012"
                + " server=www location=/api/ \"GET /api/x\" upstream=10.0.0.1:80"
                + " upstream_status=504 tries=2 connect=0.001000 header=0.002000 response=-"
                + " in=120 out=300", FlightReader.read(file).getFirst().line());
    }

    @Test
    void requestUnderWayIsKnownBeforeItsEnd() throws IOException {
        begin("POST /kill\n\"er\"");
        FlightRecord record = FlightReader.read(file).getFirst();
        assertTrue(record.underWay());
        assertEquals("2023-11-14T22:13:20.000Z - --- under_way client=192.0.2.7:5012 server=www"
                + " location=- \"POST /kill\\x0A\\x22er\\x22\" in=0 out=0", record.line());
    }

    @Test
    void oldestMakesRoom() throws IOException {
        long first = begin("GET /1");
        for (int i = 2; i <= 6; i++) {
            end(begin("GET /" + i), 200);
        }
        assertEquals(List.of("GET /3", "GET /4", "GET /5", "GET /6"),
                FlightReader.read(file).stream().map(FlightRecord::request).toList());
        assertEquals(-1, writer.find(first), "another has its place");
    }

    @Test
    void recordThatIsBeingWrittenIsLeftOut() throws IOException {
        end(begin("GET /whole"), 200);
        writer.begin(1);
        assertEquals(1, FlightReader.read(file).size());
    }

    @Test
    void longRequestIsCut() throws IOException {
        begin("GET /" + "x".repeat(200));
        assertEquals(96, FlightReader.read(file).getFirst().request().length());
    }

    @Test
    void otherBytesAreRefused() throws IOException {
        Path other = folder.resolve("other");
        Files.write(other, new byte[500]);
        assertThrows(IOException.class, () -> FlightReader.read(other));
        assertThrows(IOException.class, () -> FlightWriter.open(other));
        byte[] whole = Files.readAllBytes(file);
        Files.write(other, Arrays.copyOf(whole, whole.length - 1));
        assertThrows(IOException.class, () -> FlightReader.read(other));
    }

    @Test
    void sizesArePowersOfTwo() {
        assertEquals(1, FlightFile.rounded(1));
        assertEquals(1024, FlightFile.rounded(1000));
        assertEquals(1024, FlightFile.rounded(1024));
        assertEquals(65_536, FlightFile.rounded(65_536));
    }
}
