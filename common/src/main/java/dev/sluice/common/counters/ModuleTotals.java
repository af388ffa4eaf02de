package dev.sluice.common.counters;

import dev.sluice.common.config.ModuleConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Names of the totals of modules in a counter file: {@code calls/NAME/PHASE}, and with the same
 * form the others of {@link Of}; {@code own/NAME/COUNTER} for what a module counts itself.
 * Stateless.
 */
public final class ModuleTotals {

    /** What is counted of a module in a phase. */
    public enum Of {
        /** Calls of its hooks. */
        CALLS,
        /** Calls that ended with an answer, a redirection, another path or an abort. */
        ANSWERED,
        /** Calls that decide later. */
        SUSPENDED,
        /** Calls that threw, were late, or came while the module is not called. */
        FAILED,
        /** Nanoseconds in its code on the loop: of every 16th call, 16 times. */
        TIME_NS
    }

    /** The words for when a module is called. */
    public static final List<String> PHASES = List.of("connect", "tls_peer", "post_read",
            "preaccess", "authorize", "access", "request_body", "content", "upstream_request",
            "upstream_response", "response", "response_body", "error", "log", "variable",
            "balancer", "timer");

    public static final String OWN = "own";

    private ModuleTotals() {}

    static List<String> names(List<ModuleConfig> modules) {
        List<String> names = new ArrayList<>();
        for (ModuleConfig module : modules) {
            for (String phase : PHASES) {
                for (Of of : Of.values()) {
                    names.add(name(of, module.jar().name(), phase));
                }
            }
            for (String counter : module.jar().counters()) {
                names.add(OWN + "/" + module.jar().name() + "/" + counter);
            }
        }
        return names;
    }

    public static String name(Of of, String module, String phase) {
        return of.name() + "/" + module + "/" + phase;
    }
}
