package dev.sluice.worker.module;

import dev.sluice.module.Phase;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.HeadRules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the modules of one location registered, in their order. Written at boot, then read-only. */
public final class RouteHooks {

    private final Map<Phase, List<Gate>> gates = new EnumMap<>(Phase.class);
    final List<HeadRules> requestHeads = new ArrayList<>();
    final List<HeadRules> responseHeads = new ArrayList<>();
    final List<ExchangeLog> logs = new ArrayList<>();

    /** The gates of a phase. */
    public List<Gate> gates(Phase phase) {
        return gates.computeIfAbsent(phase, one -> new ArrayList<>());
    }

    /** Told of every exchange that has ended. */
    public List<ExchangeLog> logs() {
        return logs;
    }

    /** What changes heads of requests to peers; null when nothing does. */
    public HeadRules requestRules() {
        return together(null, requestHeads);
    }

    /** @param own rules that come first, or null @return null when nothing changes heads */
    public HeadRules responseRules(HeadRules own) {
        return together(own, responseHeads);
    }

    private static HeadRules together(HeadRules first, List<HeadRules> more) {
        if (more.isEmpty()) {
            return first;
        }
        List<HeadRules> list = new ArrayList<>();
        if (first != null) {
            list.add(first);
        }
        list.addAll(more);
        HeadRules[] all = list.toArray(HeadRules[]::new);
        return (x, head, from) -> {
            for (HeadRules rules : all) {
                rules.apply(x, head, from);
            }
        };
    }
}
