package dev.sluice.common.config;

import java.util.List;

/**
 * The page that replaces an answer. An override of 0 keeps the status, -1 takes the page's.
 * Written at boot, then read-only.
 */
public record ErrorPageConfig(List<Integer> codes, int overrideStatus, String uri) {

    /** Keeps the status that led to the page. */
    public static final int KEEP_STATUS = 0;

    /** Takes the status that the page itself gets. */
    public static final int TAKE_STATUS = -1;

    public ErrorPageConfig {
        codes = List.copyOf(codes);
    }
}
