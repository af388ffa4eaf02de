package dev.sluice.worker.exchange;

import java.util.Map;

/**
 * What a token says whose signature is good, as bytes to be written: strings, numbers, truth values
 * and lists of them by name. Shared by all exchanges that carry the token; read-only.
 */
public record VerifiedToken(Map<String, byte[]> header, Map<String, byte[]> claims) {

    public VerifiedToken {
        header = Map.copyOf(header);
        claims = Map.copyOf(claims);
    }
}
