package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.exchange.RecordingStream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What PURGE finds, by which key. */
final class PurgeTest {

    @TempDir Path folder;
    private CacheStage stage;

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    private void make(String... lines) throws Exception {
        String[] all = new String[lines.length + 1];
        System.arraycopy(lines, 0, all, 1, lines.length);
        all[0] = "proxy_cache_purge = 192.0.2.7";
        stage = new CacheStage(folder, "max_size = 100m", all);
    }

    private void store(String target) throws Exception {
        RecordingStream client = stage.ask("GET " + target + " HTTP/1.1\nHost: www.test");
        stage.answer(200, "one", "Cache-Control: max-age=60");
        stage.finish(client);
    }

    private RecordingStream purge(String target) throws Exception {
        return stage.finish(stage.ask("PURGE " + target + " HTTP/1.1\nHost: www.test"));
    }

    @Test
    void aStarBehindTheQueryIsForAllThatBeginSo() throws Exception {
        make();
        store("/p/b?key=abc");
        store("/p/b?key=abd");
        store("/p/b?key=b");
        assertEquals("purged 2\n", purge("/p/b?key=ab*").body());
        assertEquals("purged 1\n", purge("/p/b?*").body());
    }

    @Test
    void aKeyWithoutTheStarHasNoBeginning() throws Exception {
        make("proxy_cache_key = $arg_key");
        store("/k/zz?key=abc");
        for (String target : new String[] {"/k/zz*", "/k/zz?key=*", "/k/zz?key=a&x=*"}) {
            RecordingStream client = purge(target);
            assertEquals(400, client.status(), target);
            assertTrue(client.body().contains("proxy_cache_key"), client.body());
        }
        assertEquals("purged 1\n", purge("/k/zz?key=ab*").body());
    }
}
