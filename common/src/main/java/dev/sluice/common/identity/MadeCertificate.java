package dev.sluice.common.identity;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** A certificate that was made here, and its private key. */
public record MadeCertificate(X509Certificate certificate, PrivateKey key) {

    /** In PEM (RFC 7468 §5). */
    public String pem() throws GeneralSecurityException, IOException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    /** PKCS #8 in PEM, not encrypted (RFC 7468 §10). */
    public String keyPem() throws IOException {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String kind, byte[] der) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(kind, der));
        }
        return text.toString();
    }

    /**
     * Writes NAME.crt, with the chain behind the certificate, and NAME.key, for its owner alone.
     *
     * @throws FileAlreadyExistsException one of them exists; the other is not made
     *     or not changed
     */
    public void write(Path folder, String name, MadeCertificate... chain)
            throws IOException, GeneralSecurityException {
        Path file = folder.resolve(name + ".crt");
        StringBuilder text = new StringBuilder(pem());
        for (MadeCertificate above : chain) {
            text.append(above.pem());
        }
        Path keyFile = folder.resolve(name + ".key");
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Files.createFile(keyFile, PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keyFile, keyPem());
        Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }
}
