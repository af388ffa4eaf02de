package dev.sluice.common.config;

import java.util.Set;

/**
 * Which failures may try another peer, and how many peers one request may try in all. Retries
 * may be this share of the requests, in percent. Written at boot, then read-only.
 */
public record RetryConfig(Set<RetryOn> on, int tries, int budgetPercent) {

    /** The budget of a retry that says nothing of it. */
    public static final int BUDGET_DEFAULT_PERCENT = 20;
    /** As many retries as there are requests and more. */
    public static final int NO_BUDGET = -1;

    public RetryConfig {
        on = Set.copyOf(on);
    }

    /** A failure by its name in the file. */
    public enum RetryOn { ERROR, TIMEOUT, HTTP_502, HTTP_503, HTTP_504 }
}
