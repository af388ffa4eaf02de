package dev.sluice.common.config;

import java.util.Set;

/**
 * Which failures may try another peer, and how many peers one request may try in all. Written at
 * boot, then read-only.
 */
public record RetryConfig(Set<RetryOn> on, int tries) {

    public RetryConfig {
        on = Set.copyOf(on);
    }

    /** A failure by its name in the file. */
    public enum RetryOn { ERROR, TIMEOUT, HTTP_502, HTTP_503, HTTP_504 }
}
