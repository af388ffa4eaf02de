package dev.sluice.common.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Reads a private key in any of the forms that tools write (RFC 7468, RFC 5958, RFC 8017 §A.1.2,
 * RFC 5915), and gives it in the one that every library reads: PKCS #8 in DER, not encrypted.
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

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] RSA = HEX.parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC_OID = HEX.parseHex("06072a8648ce3d0201");
    private static final byte[] VERSION = HEX.parseHex("020100");
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int PARAMETERS = 0xa0;
    private static final int SALT_BYTES = 8;

    private PrivateKeyFile() {
    }

    /** @param passwords of which the file needs one, when it is encrypted */
    static byte[] read(String path, List<String> passwords) throws IOException, Unusable {
        String text = Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
        String kind = null;
        for (String one : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY",
                "ENCRYPTED PRIVATE KEY")) {
            if (text.contains(begin(one))) {
                kind = one;
            }
        }
        int from = kind == null ? -1 : text.indexOf(begin(kind)) + begin(kind).length();
        int to = kind == null ? -1 : text.indexOf("-----END " + kind + "-----", from);
        if (to < 0) {
            throw new Unusable("holds no private key in PEM");
        }
        try {
            return decode(kind, text.substring(from, to), passwords);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new Unusable("holds a key that cannot be read");
        }
    }

    private static String begin(String kind) {
        return "-----BEGIN " + kind + "-----";
    }

    private static byte[] decode(String kind, String body, List<String> passwords)
            throws GeneralSecurityException, IOException, Unusable {
        int info = body.indexOf("DEK-Info:");
        byte[] der = Base64.getMimeDecoder().decode(
                info < 0 ? body : body.substring(body.indexOf('\n', info)));
        if (info >= 0) {
            String[] words = body.substring(info + 9, body.indexOf('\n', info)).strip().split(",");
            der = decryptTraditional(der, words[0], HEX.parseHex(words[1]), passwords);
        }
        return switch (kind) {
            case "RSA PRIVATE KEY" -> pkcs8(RSA, der);
            case "EC PRIVATE KEY" -> pkcs8(tlv(SEQUENCE, join(EC_OID, curve(der))), der);
            case "ENCRYPTED PRIVATE KEY" -> decryptPkcs8(der, passwords);
            default -> der;
        };
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return tlv(SEQUENCE, join(VERSION, algorithm, tlv(OCTET_STRING, key)));
    }

    /** The object identifier of the curve, with its tag, out of an ECPrivateKey. */
    private static byte[] curve(byte[] der) throws Unusable {
        int at = content(der, 0);
        at = behind(der, at);
        at = behind(der, at);
        if (at >= der.length || (der[at] & 0xff) != PARAMETERS) {
            throw new Unusable("holds a key that does not name its curve");
        }
        return Arrays.copyOfRange(der, content(der, at), behind(der, at));
    }

    /** Where the content of the element at this place begins (X.690 §8.1). */
    private static int content(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first - 0x80);
    }

    private static int behind(byte[] der, int at) {
        int from = content(der, at);
        int length = der[at + 1] & 0xff;
        if (length >= 0x80) {
            length = 0;
            for (int i = at + 2; i < from; i++) {
                length = length << 8 | der[i] & 0xff;
            }
        }
        return from + length;
    }

    private static byte[] tlv(int tag, byte[] content) {
        int n = content.length;
        byte[] head = n < 0x80 ? new byte[] {(byte) tag, (byte) n}
                : n < 0x100 ? new byte[] {(byte) tag, (byte) 0x81, (byte) n}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (n >> 8), (byte) n};
        return join(head, content);
    }

    private static byte[] join(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static byte[] decryptPkcs8(byte[] der, List<String> passwords)
            throws IOException, GeneralSecurityException, Unusable {
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
        AlgorithmParameters parameters = info.getAlgParameters();
        String named = String.valueOf(parameters);
        String algorithm = named.startsWith("PBE") ? named : info.getAlgName();
        for (String password : passwords) {
            try {
                Cipher cipher = Cipher.getInstance(algorithm);
                cipher.init(Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(algorithm)
                        .generateSecret(new PBEKeySpec(password.toCharArray())), parameters);
                return info.getKeySpec(cipher).getEncoded();
            } catch (GeneralSecurityException wrong) {
                continue;
            }
        }
        throw noPassword(passwords);
    }

    private static Unusable noPassword(List<String> passwords) {
        return new Unusable(passwords.isEmpty()
                ? "is encrypted, and there is no ssl_password_file"
                : "is encrypted, and no password of ssl_password_file fits");
    }

    /** The form of OpenSSL before PKCS #8: a key made of MD5 sums, and CBC. */
    private static byte[] decryptTraditional(byte[] der, String algorithm, byte[] iv,
            List<String> passwords) throws GeneralSecurityException, Unusable {
        boolean aes = algorithm.matches("AES-(128|192|256)-CBC");
        if (!aes && !algorithm.equals("DES-EDE3-CBC")) {
            throw new Unusable("is encrypted with " + algorithm + ", which is not known here");
        }
        int keyBytes = aes ? Integer.parseInt(algorithm.substring(4, 7)) / 8 : 24;
        for (String password : passwords) {
            byte[] key = new byte[0];
            byte[] sum = new byte[0];
            while (key.length < keyBytes) {
                MessageDigest md5 = MessageDigest.getInstance("MD5");
                md5.update(sum);
                md5.update(password.getBytes(StandardCharsets.UTF_8));
                sum = md5.digest(Arrays.copyOf(iv, SALT_BYTES));
                key = join(key, sum);
            }
            Cipher cipher = Cipher.getInstance((aes ? "AES" : "DESede") + "/CBC/PKCS5Padding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(Arrays.copyOf(key, keyBytes),
                    aes ? "AES" : "DESede"), new IvParameterSpec(iv));
            try {
                byte[] plain = cipher.doFinal(der);
                if (plain.length > 2 && plain[0] == SEQUENCE) {
                    return plain;
                }
            } catch (GeneralSecurityException wrong) {
                continue;
            }
        }
        throw noPassword(passwords);
    }
}
