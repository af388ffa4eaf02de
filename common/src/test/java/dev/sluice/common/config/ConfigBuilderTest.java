package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LocationConfig.Match;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigBuilderTest {

    @TempDir
    Path folder;

    /** What a file of the same keys gives, but for where they were written. */
    private void same(String file, ConfigBuilder builder) {
        LoadedConfig read = ConfigLoader.loadText(file, folder);
        LoadedConfig built = builder.load();
        assertEquals(List.of(), built.errors());
        assertEquals(withoutOrigins(read), withoutOrigins(built));
    }

    private static String withoutOrigins(LoadedConfig loaded) {
        assertNotNull(loaded.config(), () -> loaded.errors().toString());
        return loaded.effectiveText().replaceAll("(?m)  ; .*$", "");
    }

    @Test
    void givesWhatTheFileGives() {
        same("""
                [main]
                workers = 2
                worker_shutdown_timeout = 10000ms
                [http]
                max_headers = 64
                large_header_buffer = 16k
                merge_slashes = off
                disable_symlinks = off
                [upstream app]
                server = 127.0.0.1:9000 weight=3
                server = unix:/run/app.sock backup
                balance = least_conn
                [server www]
                listen = 127.0.0.1:8080
                add_header = X-A "a; b"
                [location www ~ \\.php$]
                return = 403
                [location www "/a b/"]
                proxy_pass = http://app
                [types]
                text/x-a = a
                """, SluiceConfig.builder(folder)
                .section(SectionKind.MAIN, s -> s.set(ProcessKeys.WORKERS, 2)
                        .set(ProcessKeys.WORKER_SHUTDOWN_TIMEOUT, Duration.ofSeconds(10)))
                .section(SectionKind.HTTP, s -> s.set(HttpKeys.MAX_HEADERS, 64)
                        .setBytes(HttpKeys.LARGE_HEADER_BUFFER, 16 << 10)
                        .set(HttpKeys.MERGE_SLASHES, false)
                        .set(HttpKeys.DISABLE_SYMLINKS, StaticConfig.Symlinks.OFF))
                .section(SectionKind.UPSTREAM, "app", s -> s
                        .add(ProxyKeys.PEER, "127.0.0.1:9000 weight=3")
                        .add(ProxyKeys.PEER, "unix:/run/app.sock backup")
                        .set(BalanceKeys.BALANCE, "least_conn"))
                .section(SectionKind.SERVER, "www", s -> s
                        .add(HttpKeys.LISTEN, "127.0.0.1:8080")
                        .add(HeaderKeys.ADD_HEADER, "X-A \"a; b\""))
                .location("www", Match.REGEX, "\\.php$", s -> s.set(HttpKeys.RETURN, "403"))
                .location("www", Match.PREFIX, "/a b/",
                        s -> s.set(ProxyKeys.PROXY_PASS, "http://app"))
                .section(SectionKind.TYPES, s -> s.put("text/x-a", "a")));
    }

    @Test
    void aNumberThatTheFileWritesAsAWordIsThatWord() {
        SluiceConfig config = SluiceConfig.builder(folder)
                .section(SectionKind.MAIN, s -> s.set(ProcessKeys.WORKERS, 0))
                .load().config();
        assertTrue(config.main().workers() > 0);
    }

    @Test
    void aMessageNamesTheLineOfJava() {
        int line = StackWalker.getInstance()
                .walk(frames -> frames.findFirst().orElseThrow().getLineNumber());
        LoadedConfig loaded = SluiceConfig.builder(folder)
                .section(SectionKind.HTTP, s -> s
                        .set(HttpKeys.MAX_HEADERS, 100_000)
                        .set(ProxyKeys.PROXY_PASS, "http://app"))
                .load();
        assertNull(loaded.config());
        ConfigError first = loaded.errors().getFirst();
        assertEquals("ConfigBuilderTest.java:" + (line + 3), first.at().toString());
        assertTrue(first.message().contains("\"100000\" is out of range"), first.message());
        ConfigError second = loaded.errors().get(1);
        assertEquals("ConfigBuilderTest.java:" + (line + 4), second.at().toString());
        assertEquals("\"proxy_pass\" does not belong in [http]", second.message());
    }

    /** Each would mean something else once it is a line of the effective text. */
    @ParameterizedTest
    @ValueSource(strings = {"X-A b\n[server evil]", "X-A b ; c", "X-A \"b", "X-A b\u0000"})
    void aValueThatNoLineCouldSayIsRefused(String value) {
        LoadedConfig loaded = SluiceConfig.builder(folder)
                .section(SectionKind.SERVER, "www", s -> s.add(HttpKeys.LISTEN, "127.0.0.1:80")
                        .add(HeaderKeys.ADD_HEADER, value))
                .load();
        assertEquals(1, loaded.errors().size(), loaded.errors().toString());
        assertTrue(loaded.errors().getFirst().message().startsWith("\"add_header\": "),
                loaded.errors().toString());
    }

    @Test
    void mayBeLoadedAgainAfterMoreSections() {
        ConfigBuilder builder = SluiceConfig.builder(folder);
        assertEquals(1, builder.load().warnings().size());
        builder.section(SectionKind.SERVER, "www",
                s -> s.add(HttpKeys.LISTEN, "127.0.0.1:8080").set(HttpKeys.RETURN, "204"));
        assertEquals(List.of(), builder.load().warnings());
    }
}
