package dev.sluice.modules.jwt;

import dev.sluice.module.ModuleException;
import dev.sluice.module.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Where the keys of tokens come from. Immutable.
 *
 * @param file a JWK set (RFC 7517); null when there is a URL
 * @param url where a JWK set is fetched; null when there is a file
 * @param authorities who may sign for the host of the URL, in PEM
 * @param refreshMs how long what was fetched counts
 */
record KeyPlace(Path file, String url, Path authorities, long refreshMs) {

    static KeyPlace of(Settings settings) throws ModuleException {
        boolean file = settings.has("auth_jwt_key_file");
        boolean url = settings.has("auth_jwt_key_url");
        if (file == url) {
            throw new ModuleException(file
                    ? "\"auth_jwt_key_url\" and \"auth_jwt_key_file\" both hold here"
                    : "\"auth_jwt\" asks for a token and names no keys",
                    file ? "keep one of them" : "add auth_jwt_key_file = /etc/sluice/jwks.json");
        }
        if (url) {
            checkUrl(settings.text("auth_jwt_key_url"));
        }
        return new KeyPlace(file ? Path.of(settings.text("auth_jwt_key_file")) : null,
                url ? settings.text("auth_jwt_key_url") : null,
                Path.of(settings.text("auth_jwt_key_trusted")),
                settings.time("auth_jwt_key_refresh").toMillis());
    }

    private static void checkUrl(String url) throws ModuleException {
        try {
            URI uri = new URI(url);
            boolean loopback = "http".equals(uri.getScheme()) && "127.0.0.1".equals(uri.getHost());
            if (uri.getHost() == null || !"https".equals(uri.getScheme()) && !loopback) {
                throw new ModuleException("\"auth_jwt_key_url\": \"" + url + "\" is no https URL",
                        "keys that came in the clear could be anybody's");
            }
        } catch (URISyntaxException e) {
            throw new ModuleException("\"auth_jwt_key_url\": \"" + url + "\" is no URL");
        }
    }

    @Override
    public String toString() {
        return url == null ? file.toString() : url;
    }

    /** Looks at the files as they are now; nothing is said of what a file with keys holds. */
    void check() throws ModuleException {
        if (url != null) {
            if (!Files.isReadable(authorities)) {
                throw new ModuleException("\"auth_jwt_key_trusted\": \"" + authorities + "\" "
                        + (Files.exists(authorities) ? "cannot be read" : "does not exist"),
                        "expected a file with certificates in PEM");
            }
            return;
        }
        String wrong = null;
        try {
            if (!Files.readString(file).strip().startsWith("{")) {
                wrong = "is no JWK set";
            }
        } catch (NoSuchFileException e) {
            wrong = "does not exist";
        } catch (IOException e) {
            wrong = "cannot be read";
        }
        if (wrong != null) {
            throw new ModuleException("\"auth_jwt_key_file\": \"" + file + "\" " + wrong,
                    "expected a file such as {\"keys\": [...]} (RFC 7517)");
        }
    }
}
