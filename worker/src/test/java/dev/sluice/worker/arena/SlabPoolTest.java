package dev.sluice.worker.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Slabs in parts. */
class SlabPoolTest {

    private final SlabPool pool = new SlabPool(3);

    @Test
    void aPartIsAsLargeAsItMustBe() {
        int[][] sizes = {{1, 4096}, {4096, 4096}, {4097, 16_384}, {16_384, 16_384},
            {16_385, Slab.BYTES}, {Slab.BYTES, Slab.BYTES}};
        for (int[] size : sizes) {
            Slab part = pool.borrow(size[0]);
            assertEquals(size[1], part.size());
            pool.giveBack(part);
            assertEquals(0, pool.lentCount());
        }
    }

    @Test
    void aSlabIsCutOnceAndWholeAgainWhenAllPartsAreBack() {
        List<Slab> parts = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            parts.add(pool.borrow(100));
        }
        assertEquals(1, pool.lentCount());
        parts.add(pool.borrow(100));
        assertEquals(2, pool.lentCount());
        parts.forEach(pool::giveBack);
        assertEquals(0, pool.lentCount());
        List<Slab> whole = List.of(pool.borrow(), pool.borrow(), pool.borrow());
        assertNull(pool.borrow(100), "nothing is left to cut");
        pool.giveBack(whole.getFirst());
        assertNotNull(pool.borrow(100));
    }

    @Test
    void partsDoNotOverlap() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Slab> lent = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            Slab fresh = random.nextInt(3) == 0 ? null
                    : pool.borrow(1 + random.nextInt(random.nextBoolean() ? 4096 : 20_000));
            if (fresh != null) {
                for (Slab other : lent) {
                    assertTrue(fresh.address + fresh.size() <= other.address
                            || other.address + other.size() <= fresh.address, "seed " + seed);
                }
                fresh.bytes.put(0, (byte) i);
                fresh.bytes.put(fresh.size() - 1, (byte) i);
                lent.add(fresh);
            } else if (!lent.isEmpty()) {
                pool.giveBack(lent.remove(random.nextInt(lent.size())));
            }
        }
        lent.forEach(pool::giveBack);
        assertEquals(0, pool.lentCount(), "seed " + seed);
    }
}
