package dev.sluice.master;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServesTextTest {

    @TempDir Path folder;

    @Test
    void oneLineForEachThing() throws Exception {
        Files.createDirectories(folder.resolve("www"));
        LoadedConfig loaded =
                ConfigLoader.loadText(
                        """
                        [upstream demo]
                        server = 127.0.0.1:8081
                        [server site]
                        listen = 0.0.0.0:0
                        listen = [::]:8080
                        root = www
                        metrics = on
                        [location site /api/]
                        proxy_pass = http://demo
                        [location site = /old]
                        return = 301 /new
                        [server demo]
                        listen = 127.0.0.1:8081
                        return = 200 hello
                        """,
                        folder);
        assertEquals(List.of(), loaded.errors());
        List<String> site = List.of(
                "/        site: static " + folder.resolve("www"),
                "/api/    site: http://demo (127.0.0.1:8081)",
                "/old     site: return 301",
                "/healthz site: 200 while a worker answers",
                "/metrics site: totals of all workers, for Prometheus");
        List<String> expected = new ArrayList<>();
        site.forEach(line -> expected.add("http://127.0.0.1:4711" + line));
        site.forEach(line -> expected.add("http://[::1]:4711" + line));
        expected.add("http://127.0.0.1:4711/        demo: return 200");
        expected.add("http://127.0.0.1:4711/healthz demo: 200 while a worker answers");
        assertEquals(expected, ServesText.lines(loaded.config(), key -> 4711));
    }
}
