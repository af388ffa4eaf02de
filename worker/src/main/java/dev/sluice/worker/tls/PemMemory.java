package dev.sluice.worker.tls;

import io.netty.internal.tcnative.SSL;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** PEM (RFC 7468) on its way into the library, which reads it from memory of its own. */
final class PemMemory {

    private PemMemory() {
    }

    static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }

    /**
     * The memory it was copied from is wiped when this returns: it may hold a key.
     *
     * @return address of the library's memory; the caller frees it by freeBIO
     */
    static long of(String pem) throws Exception {
        byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
        long bio = SSL.newMemBIO();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(bytes.length);
            memory.copyFrom(MemorySegment.ofArray(bytes));
            SSL.bioWrite(bio, memory.address(), bytes.length);
            memory.fill((byte) 0);
            return bio;
        }
    }
}
