package dev.sluice.worker.statics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.arena.KeyedHash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table against a map, its hash, and the pool of contents. */
final class FileTableTest {

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void behavesAsAMapWhateverTheHashes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        FileTable table = new FileTable(50);
        Map<String, CachedFile> map = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            String key = "/path/" + random.nextInt(100);
            // Few hashes, so that chains grow long and wrap around the end.
            long hash = (key.hashCode() & 7) * 31L - 3;
            CachedFile found = table.find(hash, -1, bytes(key), 0, key.length());
            assertSame(map.get(key), found, () -> "seed " + seed);
            if (found != null && random.nextBoolean()) {
                table.remove(found);
                map.remove(key);
            } else if (found == null) {
                CachedFile f = new CachedFile(null, bytes(key), key.length(), hash);
                f.kind = random.nextInt(3) == 0 ? CachedFile.Kind.NONE : CachedFile.Kind.FILE;
                for (CachedFile old = table.inTheWayOf(f); old != null;
                        old = table.inTheWayOf(f)) {
                    table.remove(old);
                    map.remove(new String(old.path.array(), StandardCharsets.US_ASCII));
                }
                table.insert(f);
                map.put(key, f);
            } else {
                table.touch(found);
            }
            assertEquals(map.size(), table.count());
            if (i % 1000 == 0) {
                assertTrue(table.invariants(), () -> "seed " + seed);
            }
        }
        assertNull(table.find(1, -1, bytes("/none"), 0, 5));
    }

    @Test
    void hashDependsOnKeySaltLengthAndEveryByte() {
        KeyedHash hash = new KeyedHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        KeyedHash other = new KeyedHash(0x0706050403020100L, 0x0f0e0d0c0b0a0909L);
        Set<Long> seen = new HashSet<>();
        for (int length = 0; length < 40; length++) {
            byte[] text = new byte[length];
            for (int i = -1; i < length; i++) {
                if (i >= 0) {
                    text[i] ^= 1;
                }
                ByteBuffer b = ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN);
                assertTrue(seen.add(hash.hash(b, 0, length, 1)));
                assertTrue(seen.add(hash.hash(b, 0, length, 2)));
                assertNotEquals(hash.hash(b, 0, length, 1), other.hash(b, 0, length, 1));
                b.order(ByteOrder.BIG_ENDIAN);
                assertTrue(seen.contains(hash.hash(b, 0, length, 1)));
                if (i >= 0) {
                    text[i] ^= 1;
                }
            }
        }
    }

    @Test
    void contentsDoNotOverlap() {
        ContentPool pool = new ContentPool(512 * 1024);
        Random random = new Random(1);
        Map<Integer, Integer> taken = new HashMap<>();
        Map<Long, Integer> ends = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            if (taken.size() > 40 || !taken.isEmpty() && random.nextBoolean()) {
                int block = taken.keySet().iterator().next();
                int bytes = taken.remove(block);
                ends.remove(pool.address(block, bytes));
                pool.giveBack(block, bytes);
                continue;
            }
            int bytes = 1 + random.nextInt(ContentPool.BLOCK_BYTES_MAX);
            int block = pool.take(bytes);
            if (block < 0) {
                continue;
            }
            long address = pool.address(block, bytes);
            assertTrue(pool.offset(block, bytes) + bytes <= pool.buffer(block).capacity());
            ends.forEach((from, length) -> assertTrue(
                    address + bytes <= from || from + length <= address));
            ends.put(address, bytes);
            assertNull(taken.put(block, bytes));
        }
        assertTrue(pool.bytesTaken() <= 512 * 1024);
        assertEquals(-1, new ContentPool(0).take(1));
    }
}
