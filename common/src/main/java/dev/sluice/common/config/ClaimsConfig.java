package dev.sluice.common.config;

import java.util.List;

/**
 * What a server believes of what requests say of their origin. Written at boot, then read-only.
 *
 * @param trusted networks of the proxies that are believed, in CIDR form or {@code unix:}; none
 *     when nobody is
 * @param addressField the field that names the client
 * @param recursive whether trusted proxies are looked through, one behind the other
 * @param requestId where a request may bring its own number
 */
public record ClaimsConfig(
        List<String> trusted,
        String addressField,
        boolean recursive,
        IdField requestId,
        Trace trace) {

    /** The field a request brings its number in; {@code name} is empty when none does. */
    public record IdField(String name, boolean fromAnybody) {

        public static final IdField OFF = new IdField("", false);

        public boolean isOff() {
            return name.isEmpty();
        }
    }

    /** Whose trace a request may continue (W3C Trace Context); OFF leaves its fields alone. */
    public enum Trace { OFF, TRUSTED, ON }

    /** In place of a field: the header of the connection names the client. */
    public static final String PROXY_PROTOCOL = "proxy_protocol";

    public ClaimsConfig {
        trusted = List.copyOf(trusted);
    }
}
