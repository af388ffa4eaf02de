package dev.sluice.worker.access;

import dev.sluice.common.clock.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/**
 * A JWK set in a file.
 *
 * <p>Owner: the side thread.
 */
final class KeyFile extends WatchedFile {

    private final TokenKeys keys;

    KeyFile(String file, TokenKeys keys, Clock clock) {
        super(file, clock);
        this.keys = keys;
    }

    @Override
    void read() throws IOException {
        if (Files.size(file) > TokenKeys.TEXT_BYTES_MAX) {
            throw new IOException("the file is too long");
        }
        keys.take(TokenKeys.parse(Files.readString(file, StandardCharsets.UTF_8)));
    }

    @Override
    void forget() {
        keys.forget();
    }
}
