package dev.sluice.worker.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One thread and two threads: what comes out is what went in, whole and in order. */
final class ByteRingTest {
    private static final int CAPACITY = 1024;

    @Test
    void aFullRingRefusesUntilItIsRead() {
        ByteRing ring = new ByteRing(CAPACITY);
        int pieces = 0;
        while (ring.reserve(100) >= 0) {
            ring.commit(100);
            pieces++;
        }
        assertEquals(10, pieces);
        ring.release(ring.tail());
        assertTrue(ring.reserve(100) >= 0);
    }

    @Test
    void piecesThatEndExactlyAtTheEndOfMemory() {
        ByteRing ring = new ByteRing(CAPACITY);
        long read = 0;
        for (int lap = 0; lap < 5; lap++) {
            for (int i = 0; i < 4; i++) {
                assertEquals(i * 256, ring.reserve(256));
                ring.commit(256);
                ByteBuffer range = ring.range(read, ring.tail());
                assertEquals(256, range.remaining());
                read += 256;
                ring.release(read);
            }
        }
    }

    /** Random sizes, reservations larger than the piece, random progress of the reader. */
    @Test
    void everyByteComesOutOnceAndInOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ByteRing ring = new ByteRing(CAPACITY);
        Reader reader = new Reader(ring, seed);
        long produced = 0;
        for (int step = 0; step < 200_000; step++) {
            if (random.nextInt(3) > 0) {
                int reserved = 1 + random.nextInt(ring.pieceBytesMax());
                int at = ring.reserve(reserved);
                if (at >= 0 && random.nextInt(10) > 0) {
                    int count = 1 + random.nextInt(reserved);
                    for (int i = 0; i < count; i++) {
                        ring.bytes().put(at + i, (byte) produced++);
                    }
                    ring.commit(count);
                }
            } else {
                reader.read(1 + random.nextInt(400));
            }
        }
        while (reader.read(400)) {}
        assertEquals(produced, reader.count, "seed " + seed);
    }

    @Test
    void twoThreads() throws InterruptedException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ByteRing ring = new ByteRing(CAPACITY);
        long total = 3_000_000;
        Reader reader = new Reader(ring, seed);
        Thread consumer =
                new Thread(
                        () -> {
                            while (reader.count < total && !reader.failed) {
                                if (!reader.read(300)) {
                                    Thread.onSpinWait();
                                }
                            }
                        });
        consumer.start();
        long produced = 0;
        while (produced < total && consumer.isAlive()) {
            int count = (int) Math.min(1 + random.nextInt(200), total - produced);
            int at = ring.reserve(count + random.nextInt(50));
            if (at < 0) {
                Thread.yield();
                continue;
            }
            for (int i = 0; i < count; i++) {
                ring.bytes().put(at + i, (byte) produced++);
            }
            ring.commit(count);
        }
        consumer.join();
        assertEquals(total, reader.count, "seed " + seed);
    }

    /** Expects the byte sequence 0, 1, 2, ... */
    private static final class Reader {
        private final ByteRing ring;
        private final long seed;
        private long position;
        private long count;
        private boolean failed;

        Reader(ByteRing ring, long seed) {
            this.ring = ring;
            this.seed = seed;
        }

        boolean read(int bytesMax) {
            long tail = ring.tail();
            if (tail == position) {
                return false;
            }
            ByteBuffer range = ring.range(position, tail);
            if (!range.hasRemaining()) {
                position = ring.nextLap(position);
                return true;
            }
            int n = Math.min(bytesMax, range.remaining());
            for (int i = 0; i < n; i++) {
                byte b = range.get();
                failed |= b != (byte) count;
                assertEquals((byte) count, b, () -> "seed " + seed);
                count++;
            }
            position += n;
            ring.release(position);
            return true;
        }
    }
}
