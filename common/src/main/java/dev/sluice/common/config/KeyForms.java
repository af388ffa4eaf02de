package dev.sluice.common.config;

import dev.sluice.common.config.PrivateKeyFile.Unusable;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;

/**
 * Private keys that are encrypted, or of the forms before PKCS #8. Loads BouncyCastle, which takes
 * a few tenths of a second, so only when there is one. Stateless; the loading thread.
 */
final class KeyForms {

    private final BouncyCastleProvider provider = new BouncyCastleProvider();

    private final List<String> passwords;
    private final String passwordKey;

    private KeyForms(List<String> passwords, String passwordKey) {
        this.passwords = passwords;
        this.passwordKey = passwordKey;
    }

    /**
     * @param pem begins with the key
     * @param passwordKey what names the file with the passwords, for messages
     */
    static byte[] pkcs8(String pem, List<String> passwords, String passwordKey)
            throws IOException, Unusable {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            PrivateKeyInfo key = new KeyForms(passwords, passwordKey).key(parser.readObject());
            if (key.getPrivateKeyAlgorithm().getParameters() == null
                    && key.getPrivateKeyAlgorithm().getAlgorithm().equals(
                            X9ObjectIdentifiers.id_ecPublicKey)) {
                throw new Unusable("holds a key that does not name its curve");
            }
            return key.getEncoded();
        }
    }

    private PrivateKeyInfo key(Object found) throws IOException, Unusable {
        return switch (found) {
            case PEMKeyPair pair -> pair.getPrivateKeyInfo();
            case PrivateKeyInfo info -> info;
            case PKCS8EncryptedPrivateKeyInfo encrypted -> decrypt(encrypted);
            case PEMEncryptedKeyPair encrypted -> decrypt(encrypted);
            default -> throw new IOException("no key");
        };
    }

    private PrivateKeyInfo decrypt(PKCS8EncryptedPrivateKeyInfo encrypted) throws Unusable {
        for (String password : passwords) {
            try {
                return encrypted.decryptPrivateKeyInfo(
                        new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(provider)
                                .build(password.toCharArray()));
            } catch (PKCSException | OperatorCreationException
                    | RuntimeException wrong) {
                continue;
            }
        }
        throw noPassword();
    }

    /** The form of OpenSSL before PKCS #8. */
    private PrivateKeyInfo decrypt(PEMEncryptedKeyPair encrypted) throws Unusable {
        for (String password : passwords) {
            try {
                return encrypted.decryptKeyPair(
                        new JcePEMDecryptorProviderBuilder().setProvider(provider)
                                .build(password.toCharArray())).getPrivateKeyInfo();
            } catch (IOException | RuntimeException wrong) {
                continue;
            }
        }
        throw noPassword();
    }

    private Unusable noPassword() {
        return new Unusable(passwords.isEmpty()
                ? "is encrypted, and there is no " + passwordKey
                : "is encrypted, and no password of " + passwordKey + " fits");
    }
}
