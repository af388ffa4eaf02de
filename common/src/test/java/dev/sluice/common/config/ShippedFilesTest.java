package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file in {@code conf} loads as it lies, without a warning. */
class ShippedFilesTest {

    @TempDir
    Path elsewhere;

    static Stream<Path> files() throws IOException {
        Path conf = ConfDirectory.path();
        try (Stream<Path> examples = Files.list(conf.resolve("examples"))) {
            List<Path> sorted = examples.sorted()
                    .filter(file -> file.toString().endsWith(".ini")).toList();
            return Stream.concat(sorted.stream(),
                    Stream.of(conf.resolve("sluice.ini"), conf.resolve("quickstart.ini")));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void loads(Path file) {
        LoadedConfig loaded = ConfigLoader.load(file, null, List.of());
        assertEquals(List.of(), loaded.errors());
        assertEquals(List.of(), loaded.warnings());
        assertNotNull(loaded.config());
        assertEquals("text/html", loaded.config().mimeTypes().typeOf("html"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void itsEffectiveTextIsTheSameConfiguration(Path file) throws IOException {
        LoadedConfig loaded = ConfigLoader.load(file, null, List.of());
        Path copy = Files.writeString(elsewhere.resolve("gen-1.ini"), loaded.effectiveText());
        SluiceConfig again = ConfigLoader.loadEffective(copy);
        assertEquals(SameConfig.describe(loaded.config()), SameConfig.describe(again));
    }

    @Test
    void theQuickstartIsWhatItsCommentSays() {
        SluiceConfig config = ConfigLoader.load(ConfDirectory.path().resolve("quickstart.ini"),
                null, List.of()).config();
        assertEquals(2, config.main().workers());
        assertTrue(config.main().runDirectory().endsWith("/packaging/target/run"));
        assertEquals(List.of("127.0.0.1:8080", "127.0.0.1:8081"),
                config.listenAddresses().stream().map(ListenConfig::key).toList());
        ServerConfig site = config.servers().getFirst();
        assertTrue(site.metrics());
        assertEquals("demo", site.locations().get(1).proxy().upstream());
        assertEquals(200, config.servers().get(1).locations().getFirst().ret().status());
    }

    @Test
    void theMediaTypesAreMany() {
        SluiceConfig config = ConfigLoader.load(ConfDirectory.path().resolve("quickstart.ini"),
                null, List.of()).config();
        assertTrue(config.mimeTypes().all().size() > 150);
        assertEquals("font/woff2", config.mimeTypes().typeOf("woff2"));
    }
}
