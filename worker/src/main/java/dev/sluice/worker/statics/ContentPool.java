package dev.sluice.worker.statics;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Native memory for the contents of small files: blocks of five sizes, cut from chunks of 64 KiB
 * that are taken from the system when first needed and kept.
 *
 * <pre>
 *   block number:  | chunk:24 | index in chunk:8 |
 * </pre>
 *
 * <p>Owner: event loop.
 */
final class ContentPool {

    static final int BLOCK_BYTES_MIN = 512;
    static final int BLOCK_BYTES_MAX = 8192;
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int SIZES = 5;

    private final ByteBuffer[] chunks;
    private final long[] addresses;
    private final int[][] free = new int[SIZES][16];
    private final int[] freeCount = new int[SIZES];
    private int chunkCount;

    /** @param bytesMax most memory that may be taken; 0 keeps no contents */
    ContentPool(long bytesMax) {
        int chunksMax = Math.toIntExact(bytesMax / CHUNK_BYTES);
        chunks = new ByteBuffer[chunksMax];
        addresses = new long[chunksMax];
    }

    /** @return the number of a block that holds so many bytes, -1 when there is no memory left */
    int take(int bytes) {
        assert bytes > 0 && bytes <= BLOCK_BYTES_MAX : bytes;
        int size = sizeOf(bytes);
        if (freeCount[size] == 0 && !grow(size)) {
            return -1;
        }
        return free[size][--freeCount[size]];
    }

    /** Index of the smallest size of block that holds so many bytes. */
    private static int sizeOf(int bytes) {
        int blocks = (bytes - 1) / BLOCK_BYTES_MIN;
        return 32 - Integer.numberOfLeadingZeros(blocks);
    }

    private boolean grow(int size) {
        if (chunkCount == chunks.length) {
            return false;
        }
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        chunks[chunkCount] = chunk;
        addresses[chunkCount] = MemorySegment.ofBuffer(chunk).address();
        int count = CHUNK_BYTES / (BLOCK_BYTES_MIN << size);
        for (int i = count - 1; i >= 0; i--) {
            push(size, chunkCount << 8 | i);
        }
        chunkCount++;
        return true;
    }

    private void push(int size, int block) {
        if (freeCount[size] == free[size].length) {
            free[size] = Arrays.copyOf(free[size], freeCount[size] * 2);
        }
        free[size][freeCount[size]++] = block;
    }

    /** @param bytes the same as when the block was taken */
    void giveBack(int block, int bytes) {
        push(sizeOf(bytes), block);
    }

    ByteBuffer buffer(int block) {
        return chunks[block >>> 8];
    }

    int offset(int block, int bytes) {
        return (block & 0xff) * (BLOCK_BYTES_MIN << sizeOf(bytes));
    }

    long address(int block, int bytes) {
        return addresses[block >>> 8] + offset(block, bytes);
    }

    int bytesTaken() {
        return chunkCount * CHUNK_BYTES;
    }
}
