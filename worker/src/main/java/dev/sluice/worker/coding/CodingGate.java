package dev.sluice.worker.coding;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;

/** Puts the codings of a location in front of its clients. Lets everybody pass. */
final class CodingGate implements Gate {

    private final Codings codings;
    private final CodingRules rules;

    CodingGate(Codings codings, CodingRules rules) {
        this.codings = codings;
        this.rules = rules;
    }

    @Override
    public Outcome enter(Exchange x) {
        CodedClient client = x.coding instanceof CodedClient there ? there : codings.client(x);
        client.follow(rules);
        return Outcome.PASS;
    }
}
