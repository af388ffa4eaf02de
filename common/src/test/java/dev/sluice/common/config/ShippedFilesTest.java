package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.identity.TrialPki;
import dev.sluice.module.testkit.ModuleJarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every file in {@code conf} loads as it lies, without a warning. */
class ShippedFilesTest {

    private static final Pattern JAR =
            Pattern.compile("/usr/lib/sluice/modules-available/(.*)\\.jar");

    @TempDir
    Path elsewhere;

    static Stream<Path> files() throws IOException {
        Path conf = ConfDirectory.path();
        try (Stream<Path> examples = Files.list(conf.resolve("examples"))) {
            List<Path> sorted = examples.sorted()
                    .filter(file -> file.toString().endsWith(".ini")
                            && !file.toString().endsWith("tls.ini")
                            && !file.endsWith("ieee2030_5.ini")
                            && !file.endsWith("access.ini") && !file.endsWith("headers.ini"))
                    .toList();
            return Stream.concat(sorted.stream(),
                    Stream.of(conf.resolve("sluice.ini"), conf.resolve("quickstart.ini")));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void loads(Path file) {
        LoadedConfig loaded = ConfigLoader.load(file, null, List.of());
        assertEquals(List.of(), loaded.errors());
        assertEquals(List.of(), loaded.warnings());
        assertNotNull(loaded.config());
        assertEquals("text/html", loaded.config().mimeTypes().typeOf("html"));
    }

    /** Those that name jars of the distribution load with jars that bring the same. */
    @ParameterizedTest
    @ValueSource(strings = {"access.ini", "headers.ini"})
    void loadsWithItsModules(String name) throws IOException {
        LoadedConfig loaded = withModules(name, ConfDirectory.path().resolve("examples"));
        assertEquals(List.of(), loaded.errors());
        assertEquals(List.of(), loaded.warnings());
        assertFalse(loaded.config().modules().isEmpty());
    }

    private LoadedConfig withModules(String name, Path prefix) throws IOException {
        Path conf = ConfDirectory.path();
        String text = Files.readString(conf.resolve("examples").resolve(name));
        Matcher jar = JAR.matcher(text);
        while (jar.find()) {
            Path module = conf.resolveSibling("modules/shipped").resolve(jar.group(1));
            String pom = Files.readString(module.resolve("pom.xml"));
            ModuleJarBuilder.of(property(pom, "name"))
                    .providers("nobody.asks.for.It\n")
                    .attribute("Sluice-Module-Variables", property(pom, "variables"))
                    .keys(Files.readString(
                            module.resolve("src/main/resources/META-INF/sluice/keys.ini")))
                    .write(elsewhere.resolve(jar.group(1) + ".jar"));
        }
        Path copy = Files.writeString(elsewhere.resolve(name),
                text.replace("/usr/lib/sluice/modules-available", elsewhere.toString()));
        return ConfigLoader.load(copy, prefix, List.of());
    }

    private static String property(String pom, String name) {
        Matcher value = Pattern.compile("<module\\." + name + ">(.*)</").matcher(pom);
        return value.find() ? value.group(1) : "";
    }

    @ParameterizedTest
    @MethodSource("files")
    void itsEffectiveTextIsTheSameConfiguration(Path file) throws IOException {
        LoadedConfig loaded = ConfigLoader.load(file, null, List.of());
        SameConfig.insist(loaded, elsewhere);
    }

    /** Its certificates are the operator's; here they are made below another prefix. */
    @Test
    void theExampleOfTlsLoads() throws Exception {
        Path folder = Files.createDirectories(elsewhere.resolve("tls"));
        Files.copy(ConfDirectory.path().resolve("mime.types"),
                elsewhere.resolveSibling("mime.types"), StandardCopyOption.REPLACE_EXISTING);
        certificate(folder, "example.com.ecdsa", "EC");
        certificate(folder, "example.com.rsa", "RSA");
        certificate(folder, "shop", "EC");
        LoadedConfig loaded = ConfigLoader.load(
                ConfDirectory.path().resolve("examples/tls.ini"), elsewhere, List.of());
        assertEquals(List.of(), loaded.errors());
        assertEquals(List.of(), loaded.warnings());
        List<ServerConfig> servers = loaded.config().servers();
        assertEquals(2, servers.get(0).tls().certificates().size());
        assertTrue(servers.get(2).tls().rejectHandshake());
        assertNotNull(loaded.files().key(folder.resolve("shop.key").toString()));
    }

    @Test
    void theExampleOfMutualTlsLoads() throws Exception {
        Path folder = Files.createDirectories(elsewhere.resolve("tls"));
        Files.copy(ConfDirectory.path().resolve("mime.types"),
                elsewhere.resolveSibling("mime.types"), StandardCopyOption.REPLACE_EXISTING);
        certificate(folder, "machines", "EC");
        certificate(folder, "clients-ca", "EC");
        LoadedConfig loaded = ConfigLoader.load(
                ConfDirectory.path().resolve("examples/mutual-tls.ini"), elsewhere, List.of());
        assertEquals(List.of(), loaded.errors());
        assertEquals(List.of(), loaded.warnings());
        ClientAuthConfig clients = loaded.config().servers().getFirst().tls().clients();
        assertEquals(ClientAuthConfig.Mode.ON, clients.mode());
        assertNotNull(loaded.files().content(clients.authorities()));
    }

    /** Its certificates are those that its head says how to make. */
    @Test
    void theExampleOfIeee2030Loads() throws Exception {
        Path folder = Files.createDirectories(elsewhere.resolve("tls"));
        Files.copy(ConfDirectory.path().resolve("mime.types"),
                elsewhere.resolveSibling("mime.types"), StandardCopyOption.REPLACE_EXISTING);
        new TrialPki(Instant.ofEpochMilli(SystemClock.INSTANCE.nowMs()))
                .write(folder, List.of("localhost"), "01");
        Files.createFile(folder.resolve("devices.deny"));
        LoadedConfig loaded = withModules("ieee2030_5.ini", elsewhere);
        assertEquals(List.of(), loaded.errors());
        assertEquals(List.of(), loaded.warnings());
        assertEquals(TlsProfile.IEEE2030_5,
                loaded.config().servers().getFirst().tls().profile());
    }

    private static void certificate(Path folder, String name, String algorithm) throws Exception {
        Path store = folder.resolve(name + ".p12");
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(keytool, "-genkeypair", "-alias", "one", "-keyalg",
                algorithm, "-dname", "CN=" + name, "-validity", "90", "-storetype", "PKCS12",
                "-keystore", store.toString(), "-storepass", "of-this-test")
                .redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        assertEquals(0, process.waitFor());
        writePem(store, folder, name);
    }

    static void writePem(Path store, Path folder, String name) throws Exception {
        KeyStore keys = KeyStore.getInstance(store.toFile(), "of-this-test".toCharArray());
        pem(folder.resolve(name + ".crt"), "CERTIFICATE", keys.getCertificate("one").getEncoded());
        pem(folder.resolve(name + ".key"), "PRIVATE KEY",
                keys.getKey("one", "of-this-test".toCharArray()).getEncoded());
    }

    private static void pem(Path file, String what, byte[] der) throws IOException {
        Files.writeString(file, "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what + "-----\n");
    }

    @Test
    void theQuickstartIsWhatItsCommentSays() {
        SluiceConfig config = ConfigLoader.load(ConfDirectory.path().resolve("quickstart.ini"),
                null, List.of()).config();
        assertEquals(2, config.main().workers());
        assertTrue(config.main().runDirectory().endsWith("/packaging/target/run"));
        assertEquals(List.of("127.0.0.1:8080", "127.0.0.1:8081"),
                config.listenAddresses().stream().map(ListenConfig::key).toList());
        ServerConfig site = config.servers().getFirst();
        assertTrue(site.metrics());
        assertEquals("demo", site.locations().get(1).proxy().upstream());
        assertEquals(200, config.servers().get(1).locations().getFirst().ret().status());
    }

    @Test
    void theMediaTypesAreMany() {
        SluiceConfig config = ConfigLoader.load(ConfDirectory.path().resolve("quickstart.ini"),
                null, List.of()).config();
        assertTrue(config.mimeTypes().all().size() > 150);
        assertEquals("font/woff2", config.mimeTypes().typeOf("woff2"));
    }
}
