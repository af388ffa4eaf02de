package dev.sluice.worker.module;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;

/** Puts the hooks for bodies of a location in front of its clients. Lets everybody pass. */
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
        FilteredClient.of(x, calls, memory, forRequest, forResponse);
        return Outcome.PASS;
    }
}
