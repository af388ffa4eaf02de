package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.module.testkit.ModuleContract;
import dev.sluice.module.testkit.RealSluice;
import dev.sluice.module.testkit.TestAnswer;
import dev.sluice.module.testkit.TestRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The modules that come with the distribution, by the kit that others use. */
final class ShippedModulesIT {

    private static final Path HOME = Path.of("target/sluice").toAbsolutePath();
    private static final Path AVAILABLE = HOME.resolve("modules-available");
    private static final Path EXAMPLE = Path.of("../modules/example/target/api-key.jar");

    @TempDir
    Path folder;

    static Path jar(String name) {
        return AVAILABLE.resolve(name + ".jar");
    }

    private ModuleContract contract(String name) throws IOException {
        return switch (name) {
            case "basic-auth" -> ModuleContract.of(jar(name)).with("auth_basic", "a")
                    .with("auth_basic_user_file", empty());
            case "ieee2030_5" -> ModuleContract.of(jar(name)).with("ieee2030_5_allow", empty())
                    .with("ieee2030_5_deny", empty()).with("ieee2030_5_root", "on");
            case "jwt" -> ModuleContract.of(jar(name)).with("auth_jwt", "a")
                    .with("auth_jwt_key_file",
                            Files.writeString(folder.resolve("jwks"), "{}").toString());
            case "headers-security" -> ModuleContract.of(jar(name)).with("headers_security",
                    "strict");
            case "mirror" -> ModuleContract.of(jar(name)).with("mirror", "http://127.0.0.1:9");
            case "geoip" -> ModuleContract.of(jar(name));
            case "otel" -> ModuleContract.of(jar(name)).with("otel", "on");
            case "redis-limits" -> ModuleContract.of(jar(name)).with("redis_limits", "5");
            default -> throw new AssertionError("no contract for " + name);
        };
    }

    private String empty() throws IOException {
        return Files.writeString(folder.resolve("empty"), "").toString();
    }

    /** As they lie, but for the folder of the jars. */
    @Test
    void examplesWithModulesAreGood() throws Exception {
        Path examples = Path.of("../conf/examples").toAbsolutePath().normalize();
        for (String name : List.of("access.ini", "headers.ini")) {
            Path copy = Files.writeString(folder.resolve(name), Files.readString(
                    examples.resolve(name)).replace("/usr/lib/sluice/modules-available",
                            AVAILABLE.toString()));
            ShortCommand.run("-t", "-c", copy.toString(), "-p", examples.toString()).expect(0);
        }
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> jars = Files.list(AVAILABLE)) {
            List<String> names = jars.map(jar -> jar.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .map(name -> name.substring(0, name.length() - 4)).sorted().toList();
            assertTrue(names.size() >= 2, names::toString);
            return names;
        }
    }

    /** Libraries of a module have lines of their own, which are not for an operator. */
    @Test
    void noModuleWritesAnythingWhileAFileIsChecked() throws Exception {
        for (String name : names()) {
            Path file = Files.writeString(folder.resolve("sluice.ini"), "[main]\nmodules = "
                    + jar(name) + "\n[server s]\nlisten = 127.0.0.1:0\n");
            ShortCommand check = ShortCommand.run("-t", "-c", file.toString());
            assertEquals("sluice: configuration file " + file + " test is successful\n",
                    check.output(), name);
        }
    }

    @Test
    void everyModuleKeepsTheContract() throws Exception {
        for (String name : names()) {
            assertEquals(List.of(), contract(name).complaints(), name);
            assertTrue(Files.exists(AVAILABLE.resolve(name + ".md")), name);
        }
        Path keys = Files.writeString(folder.resolve("keys"), "k owner\n");
        assertEquals(List.of(), ModuleContract.of(EXAMPLE).with("api_key", "on")
                .with("api_key_file", keys.toString()).complaints());
    }

    @Test
    void theKitRunsThemInARealWorker() throws Exception {
        try (RealSluice sluice = RealSluice.of(HOME).jar(EXAMPLE).jar(jar("headers-security"))
                .file("keys", "secret readers\n").start("""
                [server s]
                listen = 127.0.0.1:@PORT@
                headers_security = api
                [location s /]
                api_key = on
                api_key_file = @DIR@/keys
                return = 200 hello
                """)) {
            TestAnswer refused = sluice.send(TestRequest.get("/"));
            assertEquals(401, refused.status());
            assertEquals("nosniff", refused.header("X-Content-Type-Options"));
            assertEquals("hello", sluice.send(TestRequest.get("/").header("X-Api-Key", "secret"))
                    .body());
            ShortCommand.run("-V", "-c", sluice.folder().resolve("sluice.ini").toString())
                    .expect(0, "module API 0.4", "module api_key 1.0.0 (API 0.4, access",
                            "module headers_security 1.0.0 (API 0.4, response", "sha256 ");
            ShortCommand.run("-s", "status", "-c",
                    sluice.folder().resolve("sluice.ini").toString())
                    .expect(0, "module api_key 1.0.0 (API 0.4", "module headers_security 1.0.0");
        }
    }
}
