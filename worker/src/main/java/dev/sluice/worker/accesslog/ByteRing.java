package dev.sluice.worker.accesslog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * A ring of bytes between one producing and one consuming thread. What is put in at once stands in
 * memory at once: a piece that does not fit before the end of the memory starts at its beginning,
 * and the bytes between are skipped.
 *
 * <pre>
 *   0          head                 tail            capacity
 *   |...........|#########|#########|...................|     same lap
 *
 *   0    tail              head           wrapAt    capacity
 *   |#####|..................|###|########|.............|     tail is one lap ahead of head
 * </pre>
 *
 * Positions only grow; {@code position % capacity} is the place in memory and {@code position /
 * capacity} the lap. {@code tail - head <= capacity} always.
 *
 * <p>Memory order: the producer writes bytes and {@code wrapAt}, then stores tail with release; the
 * consumer loads tail with acquire and so sees both. The consumer reads bytes and {@code wrapAt},
 * then stores head with release; the producer loads head with acquire before it writes over them.
 * There is one {@code wrapAt} because the producer cannot finish lap k before the consumer has
 * finished lap k - 1: that would put tail more than a capacity ahead of head.
 *
 * <p>Owner: event loop for {@code reserve, commit} and tail; log writer thread for {@code tail(),
 * range, nextLap, release} and head.
 */
final class ByteRing {
    private static final VarHandle POSITION =
            MethodHandles.arrayElementVarHandle(long[].class);

    /**
     * Places in {@link #positions}, 128 bytes apart so that the two threads share no cache line.
     */
    private static final int TAIL = 16;

    private static final int HEAD = 32;

    private final ByteBuffer bytes;
    private final ByteBuffer consumed;
    private final int capacity;
    private final int lapShift;
    private final long[] positions = new long[48];

    /** End of the data of the lap that the consumer has to finish. */
    private int wrapAt;

    private long producerTail;
    private long headSeen;
    private long reservedAt;
    private int reservedBytes;

    /** Capacity is a power of two in bytes. */
    ByteRing(int capacity) {
        if (capacity < 64 || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity of a ring: " + capacity);
        }
        this.capacity = capacity;
        this.lapShift = Integer.numberOfTrailingZeros(capacity);
        this.bytes = ByteBuffer.allocateDirect(capacity);
        this.consumed = bytes.duplicate();
    }

    /** The largest piece; a quarter, so that a lap never consists of a skipped part alone. */
    int pieceBytesMax() {
        return capacity / 4;
    }

    /** The memory to write into; absolute writes within what {@link #reserve} gave. */
    ByteBuffer bytes() {
        return bytes;
    }

    /**
     * Makes room for a piece of at most {@code count} bytes.
     *
     * @return its place in {@link #bytes}, or -1 when the ring is too full
     */
    int reserve(int count) {
        assert count > 0 && count <= pieceBytesMax() : count;
        int at = (int) producerTail & capacity - 1;
        long start = producerTail;
        if (at + count > capacity) {
            start += capacity - at;
        }
        if (start + count - headSeen > capacity) {
            headSeen = (long) POSITION.getAcquire(positions, HEAD);
            if (start + count - headSeen > capacity) {
                return -1;
            }
        }
        reservedAt = start;
        reservedBytes = count;
        return (int) start & capacity - 1;
    }

    /** Publishes the first {@code count} of the reserved bytes. */
    void commit(int count) {
        assert count > 0 && count <= reservedBytes : count;
        if (reservedAt != producerTail) {
            wrapAt = (int) producerTail & capacity - 1;
        }
        long tail = reservedAt + count;
        if (((int) tail & capacity - 1) == 0) {
            wrapAt = capacity;
        }
        producerTail = tail;
        reservedBytes = 0;
        POSITION.setRelease(positions, TAIL, tail);
    }

    /** The producer's own position. */
    long producerTail() {
        return producerTail;
    }

    /** The consumer's position as the producer sees it now. */
    long headForProducer() {
        headSeen = (long) POSITION.getAcquire(positions, HEAD);
        return headSeen;
    }

    /** For the consumer: everything before this position may be read. */
    long tail() {
        return (long) POSITION.getAcquire(positions, TAIL);
    }

    /**
     * The bytes from {@code from} to the end of its lap or to {@code tail}. Lent until the next
     * call; empty when the lap has nothing more.
     */
    ByteBuffer range(long from, long tail) {
        int at = (int) from & capacity - 1;
        int end = from >>> lapShift == tail >>> lapShift ? (int) tail & capacity - 1 : wrapAt;
        return consumed.limit(end).position(at);
    }

    /** The beginning of the lap after the one of {@code position}. */
    long nextLap(long position) {
        return (position >>> lapShift) + 1 << lapShift;
    }

    /** For the consumer: everything before this position may be written over. */
    void release(long position) {
        POSITION.setRelease(positions, HEAD, position);
    }
}
