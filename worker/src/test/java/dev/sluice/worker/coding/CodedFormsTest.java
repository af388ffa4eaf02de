package dev.sluice.worker.coding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.worker.arena.Slab;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is kept of coded bodies, and what goes when there is no room. */
final class CodedFormsTest {

    private static final int SLABS = 4;

    private final CodedForms forms = new CodedForms(SLABS * Slab.BYTES);
    private final CoderPool gzip = new CoderPool(new CoderPool.Budget(1), () -> null);
    private final CoderPool zstd = new CoderPool(new CoderPool.Budget(1), () -> null);

    private void keep(long serial, CoderPool by, int length) {
        Slab slab = forms.memory(length);
        assertNotNull(slab);
        for (int i = 0; i < length; i++) {
            slab.bytes.put(i, (byte) (serial + i));
        }
        forms.keep(serial, by, slab, length);
    }

    private boolean has(long serial, CoderPool by) {
        CodedForm form = forms.find(serial, by);
        if (form != null) {
            forms.release(form);
        }
        return form != null;
    }

    @Test
    void aFormIsFoundByItsBodyAndItsCoder() {
        keep(1, gzip, 100);
        assertNull(forms.find(1, zstd));
        assertNull(forms.find(2, gzip));
        CodedForm form = forms.find(1, gzip);
        assertEquals(100, form.length);
        assertEquals(1 + 99, form.slab.bytes.get(99));
        forms.release(form);
    }

    @Test
    void whatWasGatheredInMuchTakesAsLittleAsItNeeds() {
        Slab slab = forms.memory(1 << 20);
        assertEquals(CodedForms.FORM_BYTES_MAX, slab.size());
        forms.keep(1, gzip, slab, 3000);
        CodedForm form = forms.find(1, gzip);
        assertEquals(4096, form.slab.size());
        assertEquals(1, forms.slabCount());
        forms.release(form);
    }

    @Test
    void theOldestGoesUnlessItIsAskedFor() {
        for (int i = 1; i <= SLABS; i++) {
            keep(i, gzip, Slab.BYTES);
        }
        assertEquals(true, has(1, gzip));
        keep(SLABS + 1, gzip, Slab.BYTES);
        assertEquals(true, has(1, gzip));
        assertEquals(false, has(2, gzip));
        assertEquals(SLABS, forms.count());
    }

    @Test
    void whatIsUnderWayStaysUntilItHasCome() {
        for (int i = 1; i <= SLABS; i++) {
            keep(i, gzip, Slab.BYTES);
        }
        CodedForm[] under = new CodedForm[SLABS];
        for (int i = 0; i < SLABS; i++) {
            under[i] = forms.find(i + 1, gzip);
        }
        // All are forgotten, but no memory comes back.
        assertNull(forms.memory(Slab.BYTES));
        assertEquals(0, forms.count());
        assertEquals(SLABS, forms.slabCount());
        for (CodedForm form : under) {
            forms.release(form);
        }
        assertEquals(0, forms.slabCount());
    }

    @Test
    void theFirstOfTwoStays() {
        keep(1, gzip, 10);
        CodedForm first = forms.find(1, gzip);
        keep(1, gzip, 20);
        assertSame(first, forms.find(1, gzip));
        assertEquals(1, forms.count());
        forms.release(first);
        forms.release(first);
    }

    @Test
    void withoutMemoryNothingIsKept() {
        CodedForms none = new CodedForms(0);
        assertNull(none.memory(1));
        assertNull(none.find(1, gzip));
        assertEquals(0, none.slabCount());
    }

    /** Against a map that forgets nothing: what is found is what was kept. */
    @Test
    void whatIsFoundIsWhatWasKept() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<Long, Integer> lengths = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            long serial = 1 + random.nextInt(300);
            CodedForm form = forms.find(serial, gzip);
            if (form == null) {
                int length = 1 + random.nextInt(random.nextInt(Slab.BYTES) + 1);
                lengths.put(serial, length);
                keep(serial, gzip, length);
            } else {
                assertEquals(lengths.get(serial), form.length, "seed " + seed);
                int at = random.nextInt(form.length);
                assertEquals((byte) (serial + at), form.slab.bytes.get(at), "seed " + seed);
                forms.release(form);
            }
        }
    }
}
