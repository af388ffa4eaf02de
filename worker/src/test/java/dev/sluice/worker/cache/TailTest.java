package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.cache.CacheIndex;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.exchange.Responder;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be stored is passed on all the same, to all who read it, at the slowest's pace. */
final class TailTest {

    private static final String ASK = "GET /long HTTP/1.1\nHost: www\n";
    private static final int PIECE = 40_000;

    @TempDir Path folder;
    private CacheStage stage;
    private final ByteBuffer memory = ByteBuffer.allocateDirect(PIECE);
    private final List<String> told = new ArrayList<>();

    private CacheStage.Peer peer() throws Exception {
        for (int i = 0; i < PIECE; i++) {
            memory.put(i, (byte) ('a' + i % 26));
        }
        Exchange x = stage.asked.removeLast();
        stage.on(() -> x.responder = new Responder() {
            @Override
            public void onRequestBodyReadable(Exchange of) {
                throw new AssertionError("there is no body");
            }

            @Override
            public void onClientWritable(Exchange of) {
                told.add("taken");
            }

            @Override
            public void onClientGone(Exchange of) {
                told.add("gone");
            }
        });
        return stage.answerHead(x, 200, -1, "Cache-Control: max-age=60");
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    /** So many pieces, each when the one before has been taken; not the last. */
    private void lend(CacheStage.Peer peer, int pieces) throws Exception {
        for (int i = 0; i < pieces; i++) {
            int before = told.size();
            peer.lend(memory, PIECE);
            for (int tries = 0; told.size() == before && tries < 1000; tries++) {
                stage.settle();
            }
            assertEquals(before + 1, told.size());
        }
    }

    private void checkBody(RecordingStream client, int pieces) {
        assertNull(client.aborted());
        assertEquals(pieces * PIECE, client.bodyLength());
        String body = client.body();
        for (int i = 0; i < pieces; i++) {
            assertEquals("abcdefgh", body.substring(i * PIECE, i * PIECE + 8));
        }
    }

    /** From now on it takes no more than that until it is drained. */
    private void narrow(RecordingStream client, int bytes) throws Exception {
        stage.on(() -> {
            client.drain();
            client.roomBytes = bytes;
            return null;
        });
    }

    @Test
    void aLongOneOfUnknownLengthReachesAllWhoWait() throws Exception {
        stage = new CacheStage(folder, "max_object_size = 100k");
        RecordingStream one = stage.ask(ASK);
        RecordingStream two = stage.ask(ASK);
        assertEquals(1, stage.asked.size());
        CacheStage.Peer peer = peer();
        peer.lend(memory, PIECE);
        stage.settle();
        peer.lend(memory, PIECE);
        stage.settle();
        stage.on(() -> {
            one.drain();
            two.drain();
            return null;
        });
        told.clear();
        lend(peer, 4);
        // Who comes now asks for himself: nothing of what has passed is kept.
        RecordingStream late = stage.ask(ASK);
        assertEquals(1, stage.asked.size());
        peer.end();
        checkBody(stage.finish(one), 6);
        checkBody(stage.finish(two), 6);
        assertEquals(0, stage.cache.index.counted(CacheIndex.Count.STORED));
        assertTrue(stage.cache.fetches.isEmpty());
        stage.on(() -> {
            late.hangUp();
            return null;
        });
    }

    @Test
    void theSlowestSaysHowFastItGoes() throws Exception {
        stage = new CacheStage(folder, "max_object_size = 70k");
        RecordingStream fast = stage.ask(ASK);
        RecordingStream slow = stage.ask(ASK);
        CacheStage.Peer peer = peer();
        lend(peer, 1);
        narrow(slow, 1000);
        told.clear();
        peer.lend(memory, PIECE);
        for (int i = 0; i < PIECE / 1000 - 1; i++) {
            stage.on(() -> {
                fast.drain();
                slow.drain();
                return null;
            });
            stage.settle();
            assertTrue(told.isEmpty() || i > PIECE / 1000 - 3, "after " + i);
        }
        for (int i = 0; i < 200 && told.isEmpty(); i++) {
            stage.on(() -> {
                slow.drain();
                return null;
            });
            stage.settle();
        }
        assertEquals(List.of("taken"), told);
        peer.end();
        checkBody(stage.finish(fast), 2);
        checkBody(stage.finish(slow), 2);
    }

    @Test
    void whenAllHaveGoneThePeerIsLeft() throws Exception {
        stage = new CacheStage(folder, "max_object_size = 50k");
        RecordingStream one = stage.ask(ASK);
        CacheStage.Peer peer = peer();
        lend(peer, 1);
        narrow(one, 10);
        told.clear();
        peer.lend(memory, PIECE);
        stage.settle();
        stage.on(() -> {
            one.hangUp();
            return null;
        });
        stage.settle();
        assertEquals(List.of("gone"), told);
        assertTrue(stage.cache.fetches.isEmpty());
    }

    @Test
    void aDiskThatTakesNothingCutsNoAnswer() throws Exception {
        stage = new CacheStage(folder, "max_object_size = 1g");
        RecordingStream one = stage.ask(ASK);
        CacheStage.Peer peer = peer();
        // A file where the folder should be: no file can be made below it.
        Files.delete(folder.resolve("new"));
        Files.createFile(folder.resolve("new"));
        lend(peer, 4);
        peer.end();
        checkBody(stage.finish(one), 4);
        assertTrue(stage.on(stage.cache.trouble::isFailing));
        stage.on(() -> {
            new CacheKeeper(stage.ctx, stage.cache).start();
            stage.clock.stepMs(1100);
            return null;
        });
        while (stage.on(stage.log::isEmpty)) {
            stage.settle();
        }
        assertTrue(stage.log.getFirst().contains("passed on and not stored"),
                () -> stage.log.toString());
        assertEquals(1, stage.log.size());
    }
}
