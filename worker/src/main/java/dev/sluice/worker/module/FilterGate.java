package dev.sluice.worker.module;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;

/**
 * Puts the hooks for bodies of a location in front of its clients. Lets everybody pass, unless a
 * module is not called for a while and must not be done without.
 */
final class FilterGate implements Gate {

    private final HookCalls calls;
    private final BodyMemory memory;
    private final BodyStage[] forRequest;
    private final BodyStage[] forResponse;

    FilterGate(HookCalls calls, BodyMemory memory, BodyStage[] forRequest,
            BodyStage[] forResponse) {
        this.calls = calls;
        this.memory = memory;
        this.forRequest = forRequest;
        this.forResponse = forResponse;
    }

    @Override
    public Outcome enter(Exchange x) {
        return isRefused(x, forRequest) || isRefused(x, forResponse) ? Outcome.ANSWERED
                : pass(x);
    }

    private Outcome pass(Exchange x) {
        FilteredClient.of(x, calls, memory, forRequest, forResponse);
        return Outcome.PASS;
    }

    /** Nobody need ask a peer for what no module will look at. */
    private boolean isRefused(Exchange x, BodyStage[] stages) {
        for (BodyStage stage : stages) {
            if (stage.guard().isOpen() && !stage.guard().mayFailOpen()) {
                stage.place().failed();
                calls.verdicts.carryOut(x, stage.guard().verdict());
                return true;
            }
        }
        return false;
    }
}
