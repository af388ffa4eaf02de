package dev.sluice.worker.tls;

import java.util.ArrayList;
import java.util.List;

/** The cipher suites that the library is given. Stateless. */
final class Suites {

    /** All of TLS 1.3 (RFC 8446 §B.4): the library speaks that version when it is given some. */
    private static final List<String> OF_1_3 = List.of("TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private Suites() {
    }

    /** @param ciphers suites of TLS 1.2, separated by colons */
    static List<String> with(String ciphers) {
        List<String> all = new ArrayList<>(OF_1_3);
        all.addAll(List.of(ciphers.split(":")));
        return all;
    }
}
