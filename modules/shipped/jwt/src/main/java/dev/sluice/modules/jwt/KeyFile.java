package dev.sluice.modules.jwt;

import dev.sluice.modules.credentials.WatchedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * A JWK set in a file.
 *
 * <p>Owner: the side thread.
 */
final class KeyFile extends WatchedFile {

    private final TokenKeys keys;

    KeyFile(Path file, TokenKeys keys, InstantSource clock) {
        super(file, clock);
        this.keys = keys;
    }

    @Override
    protected void read() throws IOException {
        if (Files.size(file) > TokenKeys.TEXT_BYTES_MAX) {
            throw new IOException("the file is too long");
        }
        keys.take(TokenKeys.parse(Files.readString(file, StandardCharsets.UTF_8)));
    }

    @Override
    protected void forget() {
        keys.forget();
    }
}
