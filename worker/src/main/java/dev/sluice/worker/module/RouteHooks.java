package dev.sluice.worker.module;

import dev.sluice.module.Phase;
import dev.sluice.worker.access.AccessCheck;
import dev.sluice.worker.exchange.ErrorPages;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.HeadRules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the modules of one location registered, in their order. Written at boot, then read-only. */
public final class RouteHooks {

    private final HookCalls calls;
    private final BodyMemory memory;
    private final Map<Phase, List<Gate>> gates = new EnumMap<>(Phase.class);
    final List<HookCheck> conditions = new ArrayList<>();
    final List<HeadRules> requestHeads = new ArrayList<>();
    final List<HeadRules> upstreamHeads = new ArrayList<>();
    final List<HeadRules> responseHeads = new ArrayList<>();
    final List<BodyStage> requestBodies = new ArrayList<>();
    final List<BodyStage> responseBodies = new ArrayList<>();
    final List<Gate> wholeBodies = new ArrayList<>();
    final List<HookedErrorPages.Entry> errors = new ArrayList<>();
    final List<ExchangeLog> logs = new ArrayList<>();

    RouteHooks(HookCalls calls, BodyMemory memory) {
        this.calls = calls;
        this.memory = memory;
    }

    /** The gates of a phase. */
    public List<Gate> gates(Phase phase) {
        return gates.computeIfAbsent(phase, one -> new ArrayList<>());
    }

    /** What modules ask of requests, beside the location's own conditions. */
    public List<? extends AccessCheck> conditions() {
        return conditions;
    }

    /** What requests pass before their location is looked for. */
    public Gate[] gatesOfServer() {
        List<Gate> all = gates(Phase.POST_READ);
        return all.isEmpty() ? Gate.NONE : all.toArray(Gate[]::new);
    }

    /** What looks at bodies; empty when nothing does. */
    public List<Gate> bodyGates() {
        List<Gate> all = new ArrayList<>();
        if (!requestBodies.isEmpty() || !responseBodies.isEmpty() || !wholeBodies.isEmpty()) {
            all.add(new FilterGate(calls, memory, requestBodies.toArray(BodyStage[]::new),
                    responseBodies.toArray(BodyStage[]::new)));
            all.addAll(wholeBodies);
        }
        return all;
    }

    /** @param own pages of the location, or null */
    public ErrorPages errorPages(ErrorPages own) {
        return errors.isEmpty() ? own : new HookedErrorPages(calls, errors, own);
    }

    /** Told of every exchange that has ended. */
    public List<ExchangeLog> logs() {
        return logs;
    }

    /** What changes heads of requests to peers; null when nothing does. */
    public HeadRules requestRules() {
        return together(List.of(), null, requestHeads);
    }

    /** What changes heads of peers; null when nothing does. */
    public HeadRules peerRules() {
        return together(upstreamHeads, null, List.of());
    }

    /** @param own rules of the location, or null @return null when nothing changes heads */
    public HeadRules responseRules(HeadRules own) {
        return together(upstreamHeads, own, responseHeads);
    }

    private static HeadRules together(List<HeadRules> first, HeadRules own,
            List<HeadRules> last) {
        if (first.isEmpty() && last.isEmpty()) {
            return own;
        }
        List<HeadRules> list = new ArrayList<>(first);
        if (own != null) {
            list.add(own);
        }
        list.addAll(last);
        HeadRules[] all = list.toArray(HeadRules[]::new);
        return (x, head, from) -> {
            for (HeadRules rules : all) {
                rules.apply(x, head, from);
            }
        };
    }
}
