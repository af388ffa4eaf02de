package dev.sluice.master;

import dev.sluice.common.config.LoadedConfig;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads the configuration on a thread of its own: a folder that hangs must not stop the loop. */
final class Loading {

    private Loading() {}

    /** @param tell is given the outcome, by that thread */
    static void start(Supplier<LoadedConfig> file, Consumer<MasterEvent> tell) {
        Thread thread = new Thread(() -> tell.accept(outcome(file)), "configuration");
        thread.setDaemon(true);
        thread.start();
    }

    private static MasterEvent outcome(Supplier<LoadedConfig> file) {
        try {
            return new MasterEvent.Loaded(file.get());
        } catch (RuntimeException | StackOverflowError failed) {
            return new MasterEvent.LoadFailed(failed.toString());
        }
    }
}
