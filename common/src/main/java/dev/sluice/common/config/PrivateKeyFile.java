package dev.sluice.common.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * Reads a private key in any of the forms that tools write (RFC 7468, RFC 5958, RFC 8017 §A.1.2,
 * RFC 5915), and gives it in the one that every library reads: PKCS #8 in DER, not encrypted.
 * Where the file holds just that, in PEM, no library is loaded for it.
 *
 * <p>Stateless; the loading thread.
 */
final class PrivateKeyFile {

    /** The key cannot be had; the message says why and holds no secret. */
    static final class Unusable extends Exception {

        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }

    private static final String PKCS_8 = "-----BEGIN PRIVATE KEY-----";
    private static final String PKCS_8_END = "-----END PRIVATE KEY-----";
    private static final String BEGIN = "-----BEGIN ";
    private static final String ANY_KIND = "PRIVATE KEY-----";

    private PrivateKeyFile() {
    }

    /**
     * @param passwords of which the file needs one, when it is encrypted
     * @param passwordKey what names the file with the passwords, for messages
     */
    static byte[] read(String path, List<String> passwords, String passwordKey)
            throws IOException, Unusable {
        String text = Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
        int kind = text.indexOf(ANY_KIND);
        int begin = text.lastIndexOf(BEGIN, kind);
        int end = text.indexOf("-----END ", kind);
        if (kind < 0 || begin < 0 || end < 0 || text.indexOf('\n', begin) < kind) {
            throw new Unusable("holds no private key in PEM");
        }
        try {
            if (!text.startsWith(PKCS_8, begin)) {
                return KeyForms.pkcs8(text.substring(begin), passwords, passwordKey);
            }
            return Base64.getMimeDecoder().decode(text.substring(begin + PKCS_8.length(),
                    text.indexOf(PKCS_8_END, begin)));
        } catch (IOException | RuntimeException e) {
            throw new Unusable("holds a key that cannot be read");
        }
    }
}
