package dev.sluice.worker.http2;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory for the strings of one field while it is decoded; all connections of a loop share it.
 *
 * <p>Owner: event loop.
 */
public final class HpackScratch {

    /** A field with a longer name or value in Huffman code is too long for every limit. */
    static final int STRING_BYTES_MAX = 36 * 1024;

    final ByteBuffer bytes =
            ByteBuffer.allocateDirect(2 * STRING_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
}
