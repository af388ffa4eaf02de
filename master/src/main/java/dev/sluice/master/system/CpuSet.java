package dev.sluice.master.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processors this process may use, as the kernel lists them. Stateless; any thread. */
public final class CpuSet {

    private static final String FIELD = "Cpus_allowed_list:";

    private CpuSet() {}

    /** Their numbers in ascending order; empty when the kernel does not tell. */
    public static List<Integer> allowed() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(FIELD)) {
                    return parse(line.substring(FIELD.length()).strip());
                }
            }
        } catch (IOException | NumberFormatException unreadable) {
            // Without a list no worker is bound to a processor, which is the default anyway.
        }
        return List.of();
    }

    /** {@code 0-2,8,10-11} as the kernel prints it. */
    static List<Integer> parse(String list) {
        List<Integer> cpus = new ArrayList<>();
        for (String part : list.split(",")) {
            int dash = part.indexOf('-');
            int from = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
            int to = Integer.parseInt(dash < 0 ? part : part.substring(dash + 1));
            for (int cpu = from; cpu <= to; cpu++) {
                cpus.add(cpu);
            }
        }
        return cpus;
    }
}
