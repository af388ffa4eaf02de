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

    final RoutingHarness h;

    /** The text stands behind the head of a server at port 80 with files. */
    AccessHarness(Path directory, String text, AccessCheck... ofModules) {
        LoadedConfig loaded = ConfigLoader.loadText("""
                [server www]
                listen = 127.0.0.1:80
                root = .
                """ + text, directory);
        assertEquals(List.of(), loaded.errors());
        h = new RoutingHarness(loaded.config(), (ctx, scope, paths) -> {
            AccessGates access = new AccessGates(loaded.config(), scope, paths);
            return one -> {
                Gate gate = access.gateFor(one, List.of(ofModules));
                return gate == null ? Gate.NONE : new Gate[] {gate};
            };
        });
    }
}
