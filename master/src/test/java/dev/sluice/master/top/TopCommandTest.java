package dev.sluice.master.top;

import dev.sluice.common.cache.CacheFolder;
import dev.sluice.common.cache.CacheIndex;
import dev.sluice.common.cache.CacheOwner;
import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.CacheConfig;
import dev.sluice.common.counters.CounterFile;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterLabels;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.counters.PeerLabel;
import dev.sluice.common.counters.Termination;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.metrics.FleetReader.Look;
import dev.sluice.master.metrics.FleetReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;


/** Rates between two looks, sorted, and what is said when nothing runs. */
final class TopCommandTest {

    @TempDir Path dir;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private CounterWriter worker;

    @BeforeEach
    void aConfiguration() throws IOException {
        Files.writeString(dir.resolve("sluice.ini"), "[main]\nrun_directory = " + dir
                + "/run\n[server www]\nlisten = 80\n");
    }

    private void aWorker() throws IOException {
        Path file = dir.resolve("run/counters/slot0-gen1-1.ctr");
        Files.createDirectories(file.getParent());
        CounterFile.create(file, new CounterLabels(List.of("www", "www\t/a/", "www\t/b/"),
                List.of(new PeerLabel("app", "10.0.0.1:80"))));
        worker = CounterWriter.open(file);
    }

    private ExitCode top(String... words) {
        return new TopCommand(dir.resolve("sluice.ini"), SystemClock.INSTANCE,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(List.of(words), new ByteArrayInputStream("q".getBytes(
                        StandardCharsets.US_ASCII)));
    }

    @Test
    void ratesAreOfTheTimeBetweenTwoLooks() throws IOException {
        aWorker();
        FleetReader reader = new FleetReader(dir.resolve("run/counters"), List.of());
        Look before = reader.look();
        for (int i = 0; i < 40; i++) {
            worker.add(CounterId.REQUESTS, 1);
            worker.server(0).recordRequest(200, 1, 1, 2_000_000);
            worker.server(i < 30 ? 2 : 1).recordRequest(i == 5 ? 502 : 200, 1, 1, 2_000_000);
        }
        for (int i = 0; i < 4; i++) {
            worker.termination(i < 2 ? Termination.UPSTREAM_REFUSED : Termination.DONE);
        }
        List<String> lines = TopScreen.lines(before, reader.look(), 2, TopScreen.Order.RATE, 100);
        assertEquals("sluice  1 workers  20.0 req/s  0 in progress  0 connections, 0 idle  "
                + "0.0 KB/s", lines.get(0));
        assertEquals("server   www                                           20.0         40"
                + "        0        0       2.0", lines.get(3));
        assertTrue(lines.get(4).matches("route +www /b/ +15.0 +30 +0 +1 +2.0"), lines.get(4));
        assertTrue(lines.get(5).matches("route +www /a/ +5.0 +10 +0 +0 +2.0"), lines.get(5));
        assertTrue(lines.get(6).startsWith("peer     app 10.0.0.1:80 "), lines.get(6));
        assertTrue(lines.get(7).matches("reason +upstream_refused +1.0 +2"), lines.get(7));
        assertTrue(lines.get(8).matches("worker +0 of generation 1 +20.0 +40"), lines.get(8));
        assertEquals(9, lines.size());
        assertTrue(TopScreen.lines(before, reader.look(), 2, TopScreen.Order.ERRORS, 100).get(3)
                .startsWith("route    www /b/ "));
        assertEquals(20, TopScreen.lines(null, before, 0, TopScreen.Order.NAME, 20).get(2)
                .length());
    }

    @Test
    void cachesAreShownWithTheirHits() throws IOException {
        aWorker();
        Path pages = dir.resolve("pages");
        CacheIndex index = CacheFolder.open(pages, "pages", 1024, 0,
                new CacheOwner("/run/t", 1)).index();
        CacheConfig config = new CacheConfig(null, "pages", pages.toString(), 1 << 20, 1000, 1024,
                1 << 20, 1 << 20);
        FleetReader reader =
                new FleetReader(dir.resolve("run/counters"), List.of(config));
        index.count(CacheIndex.Count.MISS);
        Look before = reader.look();
        index.count(CacheIndex.Count.HIT);
        index.count(CacheIndex.Count.HIT);
        index.count(CacheIndex.Count.REVALIDATED);
        index.count(CacheIndex.Count.EXPIRED);
        assertEquals("cache   pages  2.0 req/s  75.0 % hits  0 answers  0.0 MB",
                TopScreen.lines(before, reader.look(), 2, TopScreen.Order.RATE, 100).get(1));
        assertEquals("cache   pages  0.0 req/s  60.0 % hits  0 answers  0.0 MB",
                TopScreen.lines(reader.look(), reader.look(), 2, TopScreen.Order.RATE, 100)
                        .get(1));
        assertTrue(FleetReader.json(before).contains("\"caches\":[{\"cache\":\"pages\","
                + "\"hit\":0,\"miss\":1,"));
    }

    @Test
    void onceAndJsonAndKeys() throws IOException {
        aWorker();
        assertEquals(ExitCode.DONE, top("--once", "-d", "0.1", "--sort", "name"));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("sluice  1 workers"));
        out.reset();
        assertEquals(ExitCode.DONE, top("--json"));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith(
                "{\"workers\":1,\"requests\":0,\"requests_active\":0,"), out::toString);
        out.reset();
        assertEquals(ExitCode.DONE, top("-d", "0.1"));
        assertEquals("", out.toString(StandardCharsets.UTF_8), "q was typed already");
        assertEquals(ExitCode.DONE, new TopCommand(dir.resolve("sluice.ini"),
                SystemClock.INSTANCE, new PrintStream(out, true, StandardCharsets.UTF_8),
                System.err).run(List.of("-d", "0.1", "-n", "1"),
                        new ByteArrayInputStream(new byte[] {'e'})));
        assertTrue(out.toString(StandardCharsets.UTF_8).endsWith("now by errors"), out::toString);
    }

    @Test
    void whatIsWrongIsSaid() {
        assertEquals(ExitCode.NOT_RUNNING, top("--once"));
        assertEquals(ExitCode.USAGE, top("--sort", "x"));
        assertEquals(ExitCode.USAGE, top("-d", "0"));
        assertEquals(ExitCode.DONE, top("--help"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("no worker runs with " + dir),
                err::toString);
    }
}
