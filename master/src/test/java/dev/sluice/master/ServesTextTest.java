package dev.sluice.master;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServesTextTest {

    @TempDir Path folder;

    @Test
    void oneLinePerAddressAndServer() throws Exception {
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
        String what =
                " site: static " + folder.resolve("www")
                        + ", /api/ -> http://demo (127.0.0.1:8081), = /old return 301"
                        + ", /healthz, /metrics";
        assertEquals(
                List.of(
                        "http://127.0.0.1:4711/" + what,
                        "http://[::1]:4711/" + what,
                        "http://127.0.0.1:4711/ demo: return 200, /healthz"),
                ServesText.lines(loaded.config(), key -> 4711));
    }
}
