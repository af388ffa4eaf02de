package dev.sluice.common.config;

import dev.sluice.common.ocsp.OcspAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * Takes certificates, keys and lists of revoked certificates from their files for the workers, who
 * may not be allowed to open them. Each answer is null for a good file, else what is wrong with
 * it. Owner: the loading thread.
 */
final class CertificateIntake {

    private static final int TICKET_KEY_BYTES = 80;
    private static final int TICKET_KEY_OLD_BYTES = 48;

    private final HandedFiles files;

    CertificateIntake(HandedFiles files) {
        this.files = files;
    }

    String certificates(String path) {
        FileUnit unit = FileUnit.of(FileUnit.Kind.CERTIFICATES, path);
        String wrong = PemFiles.wrongCertificates(path);
        try {
            if (wrong == null) {
                files.add(path, PemFiles.onlyCertificates(Files.readAllBytes(Path.of(path))));
                files.watch(unit);
            }
            return wrong;
        } catch (IOException e) {
            return PemFiles.unreadable(path, e);
        }
    }

    String revocations(String path) {
        FileUnit unit = FileUnit.of(FileUnit.Kind.REVOCATIONS, path);
        String wrong = PemFiles.wrongRevocations(path);
        try {
            if (wrong == null) {
                files.addRevocations(path, Files.readAllBytes(Path.of(path)));
                files.watch(unit);
            }
            return wrong;
        } catch (IOException e) {
            return PemFiles.unreadable(path, e);
        }
    }

    String ticketKey(String path) {
        FileUnit unit = FileUnit.of(FileUnit.Kind.TICKET_KEY, path);
        try {
            byte[] content = Files.readAllBytes(Path.of(path));
            if (content.length != TICKET_KEY_BYTES && content.length != TICKET_KEY_OLD_BYTES) {
                return "\"" + path + "\" has " + content.length
                        + " bytes and not 48 or 80 (openssl rand 80 makes some)";
            }
            files.add(path, content);
            files.watch(unit);
            return null;
        } catch (IOException e) {
            return PemFiles.unreadable(path, e);
        }
    }

    /** @param certificate the file whose first certificate the answer is about */
    String staple(String path, String certificate) {
        FileUnit unit = FileUnit.ofStaple(path, certificate);
        try {
            byte[] answer = Files.readAllBytes(Path.of(path));
            if (answer.length == 0 || answer.length > OcspAnswer.BYTES_MAX) {
                return "\"" + path + "\" holds no answer of a responder in DER";
            }
            files.addStaple(certificate, answer);
            files.watch(unit);
            return null;
        } catch (IOException e) {
            return PemFiles.unreadable(path, e);
        }
    }

    /**
     * @param certificate the file whose first certificate the key belongs to; taken already
     * @param passwordFile of which the key needs one, if it is encrypted; null for none
     * @param passwordKey the name of the key that names such a file
     */
    String key(String path, String certificate, String passwordFile, String passwordKey) {
        FileUnit unit = FileUnit.ofKey(path, certificate, passwordFile, passwordKey);
        List<String> passwords = List.of();
        try {
            passwords = passwordFile == null ? passwords : Files.readAllLines(
                    Path.of(passwordFile)).stream().filter(line -> !line.isEmpty()).toList();
        } catch (IOException e) {
            return "the " + passwordKey + " " + PemFiles.unreadable(passwordFile, e);
        }
        try {
            byte[] key = PrivateKeyFile.read(path, passwords, passwordKey);
            files.addKey(path, key);
            files.watch(unit);
            return PemFiles.belongs(key, files.content(certificate)) ? null
                    : "\"" + path + "\" is not the key of \"" + certificate + "\"";
        } catch (IOException e) {
            return PemFiles.unreadable(path, e);
        } catch (PrivateKeyFile.Unusable e) {
            return "\"" + path + "\" " + e.getMessage();
        } catch (GeneralSecurityException e) {
            return "\"" + path + "\" holds a key that cannot be read";
        }
    }
}
