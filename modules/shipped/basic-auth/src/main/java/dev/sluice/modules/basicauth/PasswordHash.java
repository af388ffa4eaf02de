package dev.sluice.modules.basicauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Compares a password with a hash of a file of users, whose form has been checked when the file was
 * read. Slow by design: never on the loop. Stateless.
 */
final class PasswordHash {

    private PasswordHash() {
    }

    /** Takes as long for a wrong password as for the right one. */
    static boolean matches(String hash, byte[] password) {
        if (hash.startsWith("$2")) {
            // The libraries clear what they are given.
            return OpenBSDBCrypt.checkPassword(hash, password.clone());
        }
        if (hash.startsWith("$argon2id$")) {
            return argon(hash, password);
        }
        String salt = hash.substring(0, hash.lastIndexOf('$'));
        String made = switch (hash.charAt(1)) {
            case '5' -> Sha2Crypt.sha256Crypt(password.clone(), salt);
            case '6' -> Sha2Crypt.sha512Crypt(password.clone(), salt);
            default -> Md5Crypt.apr1Crypt(password.clone(), salt);
        };
        return MessageDigest.isEqual(ascii(hash), ascii(made));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** {@code $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH}, base64 without padding (RFC 9106). */
    private static boolean argon(String hash, byte[] password) {
        String[] parts = hash.split("\\$");
        String[] costs = parts[3].split("[=,]");
        byte[] wanted = Base64.getDecoder().decode(parts[5]);
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(Integer.parseInt(costs[1]))
                .withIterations(Integer.parseInt(costs[3]))
                .withParallelism(Integer.parseInt(costs[5]))
                .withSalt(Base64.getDecoder().decode(parts[4])).build());
        byte[] made = new byte[wanted.length];
        generator.generateBytes(password, made);
        return MessageDigest.isEqual(wanted, made);
    }
}
