package dev.sluice.master.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DescriptorMovesTest {

    /** What the child would have open, as number to the source it is a copy of. */
    private static Map<Integer, Integer> child(List<Integer> sources) {
        // Everything of the master is open in the child until the exec, and closed by it.
        Map<Integer, Integer> before = new HashMap<>();
        sources.forEach(source -> before.put(source, source));
        Map<Integer, Integer> after = new HashMap<>();
        for (DescriptorMoves.Move move : DescriptorMoves.of(sources, 3)) {
            if (move.to() == DescriptorMoves.CLOSE) {
                after.remove(move.from());
                before.remove(move.from());
                continue;
            }
            int content = before.get(move.from());
            before.put(move.to(), content);
            after.put(move.to(), content);
        }
        return after;
    }

    private static Map<Integer, Integer> wanted(List<Integer> sources) {
        Map<Integer, Integer> wanted = new HashMap<>();
        for (int i = 0; i < sources.size(); i++) {
            wanted.put(3 + i, sources.get(i));
        }
        return wanted;
    }

    @Test
    void sourcesAmongTheTargetsAreNotOverwritten() {
        for (List<Integer> sources :
                List.of(
                        List.of(20, 21, 22),
                        List.of(4, 3),
                        List.of(3, 4, 5),
                        List.of(5, 3, 4),
                        List.of(4, 5, 6, 7, 30),
                        List.of(30, 3, 31, 4),
                        List.<Integer>of())) {
            assertEquals(wanted(sources), child(sources), sources.toString());
        }
    }

    @Test
    void anySelectionArrives() {
        long seed = 7;
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            List<Integer> numbers = new ArrayList<>();
            for (int fd = 3; fd < 24; fd++) {
                numbers.add(fd);
            }
            Collections.shuffle(numbers, random);
            List<Integer> sources = numbers.subList(0, random.nextInt(numbers.size()));
            assertEquals(wanted(sources), child(sources), "seed " + seed + " " + sources);
        }
    }

    @Test
    void oneSourceMayServeTwice() {
        assertEquals(wanted(List.of(4, 4, 9)), child(List.of(4, 4, 9)));
    }
}
