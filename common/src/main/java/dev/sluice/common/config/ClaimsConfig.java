package dev.sluice.common.config;

import java.util.List;

/**
 * What a server believes of what requests say of their origin. Written at boot, then read-only.
 *
 * @param trusted networks of the proxies that are believed, in CIDR form or {@code unix:}; none
 *     when nobody is
 * @param addressField the field that names the client
 * @param recursive whether trusted proxies are looked through, one behind the other
 */
public record ClaimsConfig(List<String> trusted, String addressField, boolean recursive) {

    public ClaimsConfig {
        trusted = List.copyOf(trusted);
    }
}
