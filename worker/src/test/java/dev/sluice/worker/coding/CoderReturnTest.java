package dev.sluice.worker.coding;

import static dev.sluice.worker.coding.CodingHarness.bytes;
import static dev.sluice.worker.coding.CodingHarness.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.coding.CodingHarness.Way;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.Offload;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A coder is given back however an answer ends, and never while somebody works with it. */
final class CoderReturnTest {

    /** A thread beside the loop that does nothing until a test says so. */
    private static final class HeldThread implements Offload {
        private final List<Supplier<Runnable>> waiting = new ArrayList<>();
        private boolean full;
        private int count;

        @Override
        public boolean submit(EventLoop loop, Supplier<Runnable> work) {
            count += full ? 0 : 1;
            return !full && waiting.add(work);
        }

        /** On the loop's thread, as nothing else runs meanwhile. */
        private void work() {
            List<Supplier<Runnable>> all = List.copyOf(waiting);
            waiting.clear();
            all.forEach(one -> one.get().run());
        }
    }

    private final HeldThread side = new HeldThread();
    private final CodingHarness h = new CodingHarness(side, 1, "gzip = on", "brotli = on",
            "zstd = on", "gzip_comp_level = 6");
    private final byte[] large = new byte[200_000];

    @AfterEach
    void close() {
        assertEquals(0, h.onLoop(() -> h.codings.activeCount()));
        h.close();
    }

    private void begin(String coding) {
        new Random(1).nextBytes(large);
        begin(coding, Way.LEND, large.length, large);
    }

    private void begin(String coding, Way way, long length, byte[] body) {
        h.onLoop(() -> {
            h.begin("GET / HTTP/1.1\nHost: www\nAccept-Encoding: " + coding, 200,
                    List.of("Content-Type: text/html"), length, way, List.of(body));
            h.step();
            return null;
        });
    }

    /** Until the thread beside the loop has something to do. */
    private void beginAside(String coding) {
        begin(coding);
        while (h.onLoop(() -> {
            h.step();
            return side.waiting.isEmpty();
        })) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br"})
    void aThreadThatHangsKeepsItsCoderAndNobodyElseIsKeptWaiting(String coding) {
        beginAside(coding);
        h.onLoop(() -> {
            h.client.hangUp();
            return null;
        });
        assertEquals(1, h.onLoop(() -> h.codings.activeCount()), "it may still be written to");
        // There is one coder: the next client gets its answer as it is.
        RecordingStream next = h.get(coding, "text/html", text(1000));
        assertNull(next.header("content-encoding"));
        assertArrayEquals(text(1000), bytes(next.body()));
        h.onLoop(() -> {
            side.work();
            return null;
        });
        assertEquals(0, h.onLoop(() -> h.codings.activeCount()));
        assertEquals(coding, h.get(coding, "text/html", text(1000)).header("content-encoding"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void whatIsCutIsGivenBack(String coding) {
        h.onLoop(() -> {
            h.begin("GET / HTTP/1.1\nHost: www\nAccept-Encoding: " + coding, 200,
                    List.of("Content-Type: text/html"), 5000, Way.COPY, List.of(text(1000)));
            h.step();
            // The peer has gone in the middle of its answer.
            h.client.exchange.client.abort(Termination.UPSTREAM_CUT_BODY);
            return null;
        });
        assertEquals(0, h.onLoop(() -> h.codings.activeCount()));
        assertEquals(coding, h.get(coding, "text/html", text(1000)).header("content-encoding"));
    }

    @Test
    void whatIsCutWhileItIsWorkedOnIsGivenBackAfterwards() {
        beginAside("gzip");
        h.onLoop(() -> {
            h.client.exchange.client.abort(Termination.UPSTREAM_CUT_BODY);
            return null;
        });
        assertEquals(1, h.onLoop(() -> h.codings.activeCount()));
        h.onLoop(() -> {
            side.work();
            return null;
        });
    }

    /** A file, until its answer has ended. @return how often the thread beside the loop worked */
    private int sendFile(String coding, byte[] body) {
        begin(coding, Way.FILE, body.length, body);
        while (!h.onLoop(() -> {
            side.work();
            return h.step();
        })) {
            Thread.onSpinWait();
        }
        assertNull(h.client.aborted());
        assertArrayEquals(body, Unpacked.of(coding, bytes(h.client.body())));
        return side.count;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void aFileIsWorkedOnInOneGo(String coding) {
        assertEquals(1, sendFile(coding, text(100_000)));
    }

    @Test
    void aLongFileLeavesTheThreadToOthersInBetween() {
        assertEquals(4, sendFile("gzip", text(900_000)));
    }

    @Test
    void aFileThatHasBecomeShorterIsCut() {
        h.missing = 50_000;
        begin("gzip", Way.FILE, 100_000, text(100_000));
        h.onLoop(() -> {
            side.work();
            return null;
        });
        while (!h.onLoop(h::step)) {
            Thread.onSpinWait();
        }
        assertEquals(Termination.FILE_SHRANK, h.client.aborted());
    }

    @Test
    void aFileThatIsClosedWhileItIsWaitingToBeReadCostsItsOwnAnswerOnly() {
        begin("gzip", Way.FILE, 100_000, text(100_000));
        h.onLoop(() -> {
            h.client.hangUp();
            side.work();
            return null;
        });
        assertEquals("gzip", h.get("gzip", "text/html", text(1000)).header("content-encoding"));
    }

    @Test
    void whereNobodyWorksBesideItTheLoopDoesAll() {
        side.full = true;
        RecordingStream client = h.answer("GET / HTTP/1.1\nHost: www\nAccept-Encoding: gzip", 200,
                List.of("Content-Type: text/html"), 100_000, Way.LEND, List.of(text(100_000)));
        assertArrayEquals(text(100_000), Unpacked.of("gzip", bytes(client.body())));
    }
}
