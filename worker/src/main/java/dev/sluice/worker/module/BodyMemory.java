package dev.sluice.worker.module;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Where pieces of bodies are read to on their way into a hook; used within one call only. */
final class BodyMemory {

    private final ByteBuffer bytes =
            ByteBuffer.allocateDirect(BodyPipe.PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final long address = MemorySegment.ofBuffer(bytes).address();

    ByteBuffer bytes() {
        return bytes;
    }

    long address() {
        return address;
    }
}
