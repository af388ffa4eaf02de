package dev.sluice.worker.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates that sign themselves, made anew for each test by the JDK's keytool. */
public final class TestCertificates {

    private static final String PASSWORD = "of-this-test";

    private final Path folder;
    private final String name;

    private TestCertificates(Path folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /** @param alternative as keytool writes it: {@code dns:a.test,ip:127.0.0.1} */
    public static TestCertificates make(Path folder, String name, String alternative)
            throws IOException, InterruptedException {
        return make(folder, name, alternative, "EC", "-groupname", "secp256r1");
    }

    /** One with a key that older clients know. */
    public static TestCertificates makeRsa(Path folder, String name, String alternative)
            throws IOException, InterruptedException {
        return make(folder, name, alternative, "RSA", "-keysize", "2048");
    }

    private static TestCertificates make(Path folder, String name, String alternative,
            String algorithm, String option, String value)
            throws IOException, InterruptedException {
        TestCertificates made = new TestCertificates(folder, name);
        run("-genkeypair", "-alias", "one", "-keyalg", algorithm, option, value,
                "-dname", "CN=" + name, "-ext", "san=" + alternative, "-validity", "2",
                "-storetype", "PKCS12", "-keystore", made.store().toString(),
                "-storepass", PASSWORD);
        try {
            KeyStore store = made.read();
            made.pem("CERTIFICATE", made.certificate(), store.getCertificate("one").getEncoded());
            made.pem("PRIVATE KEY", made.key(),
                    store.getKey("one", PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        return made;
    }

    private static void run(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        all.addAll(List.of(words));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(),
                StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
    }

    private void pem(String what, Path file, byte[] der) throws IOException {
        Files.writeString(file, "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + what + "-----\n");
    }

    private Path store() {
        return folder.resolve(name + ".p12");
    }

    public Path certificate() {
        return folder.resolve(name + ".crt");
    }

    public Path key() {
        return folder.resolve(name + ".key");
    }

    private KeyStore read() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /** Shows this certificate and trusts those. */
    public SSLContext context(TestCertificates... trusted)
            throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(read(), PASSWORD.toCharArray());
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        for (TestCertificates one : trusted) {
            authorities.setCertificateEntry(one.name, one.read().getCertificate("one"));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        if (trusted.length > 0) {
            trust.init(authorities);
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(),
                trusted.length > 0 ? trust.getTrustManagers() : null, null);
        return context;
    }
}
