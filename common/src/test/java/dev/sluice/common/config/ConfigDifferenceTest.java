package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reload tells about two files. */
class ConfigDifferenceTest {

    private static final String TEXT =
            """
            [main]
            workers = 2
            run_directory = /tmp/run
            [upstream app]
            server = 127.0.0.1:9001
            server = 127.0.0.1:9002
            [server shop]
            listen = 127.0.0.1:8080
            return = 200 a
            [location shop /api/]
            proxy_pass = http://app
            [location shop ~ \\.php$]
            return = 403
            """;

    @TempDir Path folder;

    private SluiceConfig config(String text) {
        LoadedConfig loaded = ConfigLoader.loadText(text, folder);
        assertNotNull(loaded.config(), () -> loaded.errors().toString());
        return loaded.config();
    }

    private List<String> after(String text) {
        return ConfigDifference.between(config(TEXT), config(text));
    }

    @Test
    void equalTextsAndMovedOnesDoNotDiffer() {
        assertEquals(List.of(), after(TEXT));
        assertEquals(List.of(), after("; a comment\n\n" + TEXT));
    }

    @Test
    void settingsTellTheirValues() {
        assertEquals(List.of("main      ~ workers: 2 -> 3"),
                after(TEXT.replace("workers = 2", "workers = 3")));
    }

    @Test
    void addressesComeAndGo() {
        assertEquals(
                List.of("listen    + 127.0.0.1:8081", "listen    - 127.0.0.1:8080",
                        "server    ~ shop"),
                after(TEXT.replace("8080", "8081")));
    }

    @Test
    void aChangedLocationIsNotAChangedServer() {
        assertEquals(List.of("location  ~ shop ~ \\.php$"), after(TEXT.replace("403", "404")));
        assertEquals(List.of("location  + shop = /new"),
                after(TEXT + "[location shop = /new]\nreturn = 200\n"));
        assertEquals(List.of("location  - shop ~ \\.php$"),
                after(TEXT.replace("[location shop ~ \\.php$]\nreturn = 403\n", "")));
    }

    @Test
    void peersAndUpstreams() {
        assertEquals(List.of("peer      + app 127.0.0.1:9003", "peer      - app 127.0.0.1:9002"),
                after(TEXT.replace("9002", "9003")));
        assertEquals(List.of("peer      ~ app 127.0.0.1:9001"),
                after(TEXT.replace("9001", "9001 weight=3")));
        assertEquals(List.of("upstream  ~ app"),
                after(TEXT.replace("[upstream app]", "[upstream app]\nkeepalive = 7")));
    }

    @Test
    void aSummaryIsOneLineOfFewEntries() {
        List<String> lines = List.of("server    + a", "server    + b", "server    + c");
        assertEquals("server + a, server + b and 1 more", ConfigDifference.summary(lines, 2));
        assertEquals("server + a, server + b, server + c", ConfigDifference.summary(lines, 9));
        assertEquals("", ConfigDifference.summary(List.of(), 9));
    }
}
