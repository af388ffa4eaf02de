package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One key of P-256, for this test alone, in all forms in which OpenSSL writes it. */
class PrivateKeyFileTest {

    private static final String PLAIN = """
            -----BEGIN EC PARAMETERS-----
            BggqhkjOPQMBBw==
            -----END EC PARAMETERS-----
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIDfTrD00wH/7pT90hqL8TXOY1fszFYpwy7p/OyubQE3roAoGCCqGSM49
            AwEHoUQDQgAEB7ABl3hZcD5Yn7LlSpNZJ81WDVmHOdldJCAT5un6+6TRPSXkziSV
            RLlv6vGlxdJtDUBVzESfFDGeZU1WBJcuPw==
            -----END EC PRIVATE KEY-----
            """;
    private static final String ENCRYPTED = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjFKJOsuY8PoAICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEOyXiY7l/yzrbwVuvIPBXfsEgZBX
            FIN7slk5H5lN+dXQ+dAt5Ja9DOVJopwirsVj+eBPqyop4+/igQMqRpUn4ywV12jx
            loAERDR0gnZL9jn6Wf6pALWW2o5Vq4ta3FAkRy4KHXaqiGTg11uUc3PVI9lJ3U6r
            uKusUSuQd0t+p5AxcLjqmvKhMfK338gCKmB8LlfJzKRqfRQ1Jp5ZmZKgH3hqqP8=
            -----END ENCRYPTED PRIVATE KEY-----
            """;
    private static final String TRADITIONAL = """
            -----BEGIN EC PRIVATE KEY-----
            Proc-Type: 4,ENCRYPTED
            DEK-Info: AES-128-CBC,EA1A39395FFB5948DF80750D21ABB4AB

            5ETMnTgc0kTmybSzgYNfGOYmrl5QlBvpavc1hkFsYE1VPZfE0oCRF9zdo3uW6Hsp
            HOAIF41dzkBkONSufhbUPZOKgPxqZyGevyX2gAF6PeM5WBJwrVQbowRnR4D88yJL
            TCwma9w3SN2hEfPLpOiSrVV2j2fWh+hbILxLZkWN9/8=
            -----END EC PRIVATE KEY-----
            """;
    private static final String SECRET =
            "37d3ac3d34c07ffba53f7486a2fc4d7398d5fb33158a70cbba7f3b2b9b404deb";

    @TempDir
    Path folder;

    private byte[] read(String text, String... passwords) throws Exception {
        Path file = folder.resolve("one.key");
        Files.writeString(file, text);
        return PrivateKeyFile.read(file.toString(), List.of(passwords), "ssl_password_file");
    }

    private static String secret(byte[] pkcs8) throws Exception {
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        return ((ECPrivateKey) key).getS().toString(16);
    }

    @Test
    void shouldReadEveryForm() throws Exception {
        assertEquals(SECRET, secret(read(PLAIN)));
        assertEquals(SECRET, secret(read(ENCRYPTED, "wrong", "geheim")));
        assertEquals(SECRET, secret(read(TRADITIONAL, "wrong", "geheim")));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
        // What is left of a version, an algorithm and the heads of two elements.
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        assertArrayEquals(pkcs8, read("-----BEGIN RSA PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pkcs1)
                + "\n-----END RSA PRIVATE KEY-----\n"));
    }

    @Test
    void shouldSayWhyItCannot() {
        assertEquals("is encrypted, and there is no ssl_password_file", refusal(ENCRYPTED));
        assertEquals("is encrypted, and no password of ssl_password_file fits",
                refusal(TRADITIONAL, "wrong"));
        assertEquals("is encrypted, and no password of ssl_password_file fits",
                refusal(TRADITIONAL.replace("AES-128", "ROT-13"), "geheim"));
        assertEquals("holds no private key in PEM", refusal("nothing"));
        assertEquals("holds a key that cannot be read",
                refusal("-----BEGIN EC PRIVATE KEY-----\nMHc=\n-----END EC PRIVATE KEY-----\n"));
        assertThrows(IOException.class,
                () -> PrivateKeyFile.read(folder.resolve("nowhere").toString(), List.of(),
                        "ssl_password_file"));
    }

    private String refusal(String text, String... passwords) {
        String message = assertThrows(PrivateKeyFile.Unusable.class, () -> read(text, passwords))
                .getMessage();
        assertTrue(message.length() > 1);
        return message;
    }

    @Test
    void shouldHandDownWhatWasRead() throws Exception {
        HandedFiles files = new HandedFiles();
        files.add("/a", new byte[] {1, 2});
        files.add("/b", new byte[0]);
        HandedFiles copy = HandedFiles.of(files.packed());
        assertEquals(files, copy);
        assertArrayEquals(new byte[] {1, 2}, copy.content("/a"));
        assertEquals(0, HandedFiles.of(new byte[0]).packed().length);
    }
}
