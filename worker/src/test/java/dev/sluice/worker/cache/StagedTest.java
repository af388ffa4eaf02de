package dev.sluice.worker.cache;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test with a cache of the usual configuration, made for each of its methods. */
abstract class StagedTest {

    @TempDir Path folder;
    CacheStage stage;

    @BeforeEach
    void make() throws Exception {
        stage = new CacheStage(folder, "max_size = 100m");
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }
}
