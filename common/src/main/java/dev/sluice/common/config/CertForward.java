package dev.sluice.common.config;

import java.util.List;
import java.util.Locale;

/**
 * A field of requests to peers that says which certificate the client has shown.
 *
 * @param header its name as it was written
 */
public record CertForward(Form form, String header) {

    /** What is said. */
    public enum Form {
        /** {@code Client-Cert}, and {@code Client-Cert-Chain} with what came with it. */
        RFC9440("Client-Cert"),
        /** Envoy's {@code X-Forwarded-Client-Cert}. */
        XFCC("X-Forwarded-Client-Cert"),
        /** PEM, percent-encoded. */
        PEM(null),
        /** SHA-256 of the certificate, hexadecimal. */
        SHA256(null),
        /** Long identifier of a device (IEEE 2030.5-2018 §6.3.3). */
        LFDI(null),
        /** Short one (§6.3.4). */
        SFDI(null);

        /** Null where the operator gives it. */
        final String header;

        Form(String header) {
            this.header = header;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Second field of {@link Form#RFC9440}. */
    public static final String CHAIN = "Client-Cert-Chain";

    /** All names that it writes. */
    public List<String> names() {
        return form == Form.RFC9440 ? List.of(header, CHAIN) : List.of(header);
    }

    /** Servers take these for one: CGI writes both with an underscore. */
    public static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
