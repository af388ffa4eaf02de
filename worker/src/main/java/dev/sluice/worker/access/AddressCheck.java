package dev.sluice.worker.access;

import dev.sluice.common.config.AccessRule;
import dev.sluice.common.log.Level;
import dev.sluice.worker.exchange.Exchange;
import java.util.List;

/**
 * Answers those with 403 who may not come by their addresses.
 *
 * <p>Built at boot; its memory belongs to the event loop.
 */
final class AddressCheck implements AccessCheck {

    private static final Denial FORBIDDEN =
            Denial.of(403, Level.WARN, "access forbidden by rule");

    private final AddressRules rules;

    AddressCheck(List<AccessRule> rules) {
        this.rules = new AddressRules(rules);
    }

    @Override
    public AccessVerdict check(Exchange x) {
        return rules.admit(x.client) ? null : FORBIDDEN;
    }
}
