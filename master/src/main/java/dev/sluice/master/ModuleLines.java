package dev.sluice.master;

import dev.sluice.common.config.ModuleConfig;
import dev.sluice.master.command.Reply;
import dev.sluice.master.worker.Generation;

/** The modules that serve, for {@code -s status}. Stateless. */
final class ModuleLines {

    private ModuleLines() {}

    /** In the order of their hooks. @param now null when nothing serves */
    static void tell(Generation now, Reply reply) {
        if (now != null) {
            for (ModuleConfig module : now.config().modules()) {
                reply.line("module " + module.jar().title());
            }
        }
    }
}
