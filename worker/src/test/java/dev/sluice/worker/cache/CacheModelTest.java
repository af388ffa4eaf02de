package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cache beside a model of it that is a map: requests, answers, changes and time at random, and
 * both must agree on who answers and with what.
 */
final class CacheModelTest {

    private static final int STEPS = 1000;

    /** What the model keeps of an answer; times are seconds. */
    private static final class Entry {
        int serial;
        long atS;
        long lifetimeS;
        boolean must;
        String etag;
    }

    @TempDir Path folder;
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final Map<String, Entry> model = new HashMap<>();
    private final List<String> story = new ArrayList<>();
    private CacheStage stage;
    private long nowS;
    private int serial;

    private String said() {
        return "seed " + seed + "\n" + String.join("\n",
                story.subList(Math.max(0, story.size() - 25), story.size()));
    }

    @Test
    void bothAgree() throws Exception {
        stage = new CacheStage(folder, "max_size = 100m");
        try {
            for (int i = 0; i < STEPS; i++) {
                switch (random.nextInt(12)) {
                    case 0 -> change();
                    case 1, 2 -> pass(random.nextInt(12));
                    default -> get();
                }
            }
        } finally {
            stage.close();
        }
    }

    private void pass(int seconds) throws Exception {
        story.add("+" + seconds + " s");
        nowS += seconds;
        stage.on(() -> {
            stage.clock.stepMs(seconds * 1000L);
            stage.ctx.clock.update();
            return null;
        });
    }

    /** An unsafe method, which is an error or not. */
    private void change() throws Exception {
        String url = "/" + random.nextInt(4);
        boolean good = random.nextBoolean();
        story.add("POST " + url + (good ? " done" : " failed"));
        RecordingStream client =
                stage.ask("POST " + url + " HTTP/1.1\nHost: www\nContent-Length: 0\n");
        stage.answer(good ? 200 : 500, "", "X: y");
        stage.finish(client);
        if (good) {
            model.keySet().removeIf(key -> key.startsWith(url + " "));
        }
    }

    private void get() throws Exception {
        int number = random.nextInt(4);
        String kind = number == 3 ? "k" + random.nextInt(3) : "";
        int maxAge = random.nextInt(6) == 0 ? random.nextInt(20) : -1;
        int minFresh = random.nextInt(8) == 0 ? random.nextInt(20) : -1;
        int maxStale = random.nextInt(6) == 0 ? random.nextInt(20) : -1;
        boolean noCache = random.nextInt(12) == 0;
        boolean noStore = random.nextInt(16) == 0;
        boolean onlyStored = random.nextInt(10) == 0;
        StringBuilder says = new StringBuilder("x=\"no-cache, no-store\"");
        says.append(maxAge < 0 ? "" : ", max-age=" + maxAge);
        says.append(minFresh < 0 ? "" : ", min-fresh=" + minFresh);
        says.append(maxStale < 0 ? "" : ", max-stale=" + maxStale);
        says.append(noCache ? ", no-cache" : "").append(noStore ? ", no-store" : "");
        says.append(onlyStored ? ", only-if-cached" : "");
        String key = "/" + number + " " + kind;
        story.add("GET " + key + ": " + says);
        Entry entry = model.get(key);
        boolean stored = entry != null && !noStore
                && mayHave(entry, maxAge, minFresh, maxStale, noCache);
        RecordingStream client = stage.ask("GET /" + number + " HTTP/1.1\nHost: www\nX-Kind: "
                + (kind.isEmpty() ? "any" + random.nextInt(9) : kind) + "\nCache-Control: " + says
                + "\n");
        if (stored) {
            assertEquals(0, stage.asked.size(), this::said);
            assertEquals("body " + entry.serial, stage.finish(client).body(), this::said);
            assertEquals(Long.toString(nowS - entry.atS), client.headers().getOrDefault("age",
                    "0"), this::said);
        } else if (onlyStored && !noStore) {
            assertEquals(0, stage.asked.size(), this::said);
            assertEquals(504, stage.finish(client).status(), this::said);
        } else {
            assertEquals(1, stage.asked.size(), this::said);
            answer(client, key, noStore, noStore ? null : entry);
        }
        assertTrue(stage.cache.fetches.isEmpty(), this::said);
    }

    private boolean mayHave(Entry entry, int maxAge, int minFresh, int maxStale,
            boolean noCache) {
        long age = nowS - entry.atS;
        if (noCache || maxAge >= 0 && age > maxAge && maxStale < 0
                || minFresh >= 0 && age + minFresh > entry.lifetimeS) {
            return false;
        }
        return age < entry.lifetimeS
                || !entry.must && maxStale >= 0 && age - entry.lifetimeS <= maxStale;
    }

    private void answer(RecordingStream client, String key, boolean noStore, Entry old)
            throws Exception {
        Exchange x = stage.asked.getLast();
        boolean validates = old != null && old.etag != null;
        assertEquals(validates ? old.etag : null, condition(x.request.headers), this::said);
        int lifetime = random.nextInt(20);
        boolean must = random.nextInt(4) == 0;
        String control = "Cache-Control: max-age=" + lifetime + (must ? ", must-revalidate" : "");
        if (validates && random.nextBoolean()) {
            story.add("   304 " + control);
            stage.answer(304, "", control);
            old.atS = nowS;
            old.lifetimeS = lifetime;
            old.must = must;
            assertEquals("body " + old.serial, stage.finish(client).body(), this::said);
            return;
        }
        Entry made = new Entry();
        made.serial = ++serial;
        made.atS = nowS;
        made.lifetimeS = lifetime;
        made.must = must;
        made.etag = random.nextBoolean() ? "\"" + serial + "\"" : null;
        boolean secret = random.nextInt(6) == 0;
        List<String> fields = new ArrayList<>(List.of(
                control + (secret ? random.nextBoolean() ? ", private" : ", no-store" : "")));
        if (made.etag != null) {
            fields.add("ETag: " + made.etag);
        }
        if (key.startsWith("/3")) {
            fields.add("Vary: X-Kind");
        }
        story.add("   200 " + fields);
        stage.answer(200, "body " + serial, fields.toArray(String[]::new));
        assertEquals("body " + serial, stage.finish(client).body(), this::said);
        if (!noStore && !secret && (lifetime > 0 || made.etag != null)) {
            model.put(key, made);
        } else if (!noStore) {
            // For five seconds nobody's answer is stored then: other requests do not wait for it.
            pass(6);
        }
    }

    private static String condition(HeaderTable headers) {
        for (int i = 0; i < headers.count(); i++) {
            if (headers.id(i) == HeaderName.IF_NONE_MATCH && !headers.dropped(i)) {
                byte[] value = new byte[headers.valueLength(i)];
                headers.buffer().get(headers.valueOffset(i), value);
                return new String(value);
            }
        }
        return null;
    }
}
