package dev.sluice.worker.coding;

import java.nio.charset.StandardCharsets;

/** The content codings there are, those that are preferred among equals first. */
public enum Coding {
    ZSTD("zstd"), BROTLI("br"), GZIP("gzip");

    private final byte[] token;

    Coding(String token) {
        this.token = token.getBytes(StandardCharsets.US_ASCII);
    }

    /** Its name in fields; lent, never written to. */
    public byte[] token() {
        return token;
    }

    /** Its place in a set of codings. */
    public int bit() {
        return 1 << ordinal();
    }
}
