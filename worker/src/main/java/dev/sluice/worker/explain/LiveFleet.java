package dev.sluice.worker.explain;

import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.WorkerImage;
import dev.sluice.common.counters.CounterReader;
import dev.sluice.common.counters.CounterValues;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.PeerLabel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What serves at this moment, read where the workers read and write it: the configuration of the
 * newest generation that has turned its loop, and how its peers are. Nobody is asked.
 *
 * @param peers what is to be told of each, by upstream and address; nothing of those that are well
 */
record LiveFleet(int generation, SluiceConfig config, Map<PeerLabel, String> peers) {

    /** @throws IOException nothing runs with this folder, or what runs cannot be read */
    static LiveFleet of(Path run) throws IOException {
        int newest = 0;
        Map<PeerLabel, long[]> sums = new HashMap<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(counters(run), "slot*-gen*-*.ctr")) {
            for (Path file : files) {
                if (CounterReader.heartbeatMs(file) > 0) {
                    String name = file.getFileName().toString();
                    newest = Math.max(newest, Integer.parseInt(name.substring(
                            name.indexOf("-gen") + 4, name.lastIndexOf('-'))));
                    add(CounterReader.read(file), sums);
                }
            }
        }
        if (newest == 0) {
            throw nobody(run);
        }
        Map<PeerLabel, String> told = new HashMap<>();
        sums.forEach((peer, sum) -> told.put(peer,
                (sum[0] > 0 ? " down by health checks" : "")
                        + (sum[1] > 0 ? " busy with " + sum[1] : "")));
        return new LiveFleet(newest,
                WorkerImage.read(run.resolve("gen-" + newest + ".image")).config(), told);
    }

    private static Path counters(Path run) throws IOException {
        Path folder = run.resolve("counters");
        if (!Files.isDirectory(folder)) {
            throw nobody(run);
        }
        return folder;
    }

    private static IOException nobody(Path run) {
        return new IOException("no worker runs with " + run);
    }

    private static void add(CounterValues values, Map<PeerLabel, long[]> sums) {
        for (CounterValues.PeerValues peer : values.peers()) {
            long[] sum = sums.computeIfAbsent(peer.label(), k -> new long[2]);
            sum[0] += peer.value(PeerCounterId.CHECKED_DOWN);
            sum[1] += peer.value(PeerCounterId.ACTIVE);
        }
    }
}
