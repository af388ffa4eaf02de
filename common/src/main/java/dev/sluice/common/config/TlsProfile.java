package dev.sluice.common.config;

import java.util.List;

/** What kind of clients a server speaks TLS with: {@code tls_profile}. */
public enum TlsProfile {

    /** Browsers and programs of any kind. */
    DEFAULT("default"),
    /** Devices of utilities, and others that know AES-GCM. */
    IEEE2030_5("ieee2030.5"),
    /** Devices of utilities, to the letter of the standard. */
    IEEE2030_5_STRICT("ieee2030.5-strict");

    static final List<String> WORDS =
            List.of(DEFAULT.word, IEEE2030_5.word, IEEE2030_5_STRICT.word);

    private final String word;

    TlsProfile(String word) {
        this.word = word;
    }

    static TlsProfile of(String word) {
        for (TlsProfile profile : values()) {
            if (profile.word.equals(word)) {
                return profile;
            }
        }
        return DEFAULT;
    }
}
