package dev.sluice.worker.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.dispatch.RoutingHarness;
import dev.sluice.worker.exchange.Gate;
import java.nio.file.Path;
import java.util.List;

/** The way from a configuration text to an answer, with the gates of this package. */
final class AccessHarness {

    private AccessHarness() {}

    /** The text stands behind a server at port 80 with files. */
    static RoutingHarness start(Path directory, String text) {
        LoadedConfig loaded = ConfigLoader.loadText("""
                [server www]
                listen = 127.0.0.1:80
                root = .
                """ + text, directory);
        assertEquals(List.of(), loaded.errors());
        AccessGates access = new AccessGates(loaded.config());
        return new RoutingHarness(loaded.config(), one -> {
            Gate gate = access.gateFor(one);
            return gate == null ? Gate.NONE : new Gate[] {gate};
        });
    }
}
