package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;

/** The example module in the real server: it is checked, it decides, it is replaced. */
final class ModuleIT {

    private static final Path JAR = Path.of("../modules/example/target/api-key.jar");

    private static RunningSluice withModule(ScriptedUpstream peer) throws IOException {
        return RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /api/]
                api_key = on
                api_key_file = @DIR@/keys
                proxy_pass = http://%s
                [location s /free/]
                return = 200 free
                """.formatted(peer.address())).main("modules = @DIR@/modules.d\n")
                .file("keys", "secret readers\n")
                .file("modules.d/api-key.jar", Files.readAllBytes(JAR));
    }

    /** The same classes by another version: other bytes. */
    private static byte[] version(String version) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var jar = new JarInputStream(new ByteArrayInputStream(Files.readAllBytes(JAR)))) {
            Manifest manifest = jar.getManifest();
            manifest.getMainAttributes().putValue("Sluice-Module-Version", version);
            try (var copy = new JarOutputStream(out, manifest)) {
                for (JarEntry entry = jar.getNextJarEntry(); entry != null;
                        entry = jar.getNextJarEntry()) {
                    copy.putNextEntry(new JarEntry(entry.getName()));
                    jar.transferTo(copy);
                }
            }
        }
        return out.toByteArray();
    }

    private static void replace(RunningSluice sluice, byte[] jar) throws IOException {
        Path file = sluice.folder().resolve("modules.d/api-key.jar");
        Files.write(file.resolveSibling("new"), jar);
        Files.move(file.resolveSibling("new"), file,
                StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aModuleDecidesAndTellsThePeer() throws Exception {
        try (var peer = ScriptedUpstream.answering("data");
                var sluice = withModule(peer).start(); var client = sluice.client()) {
            Response refused = client.get("/api/x").response();
            assertEquals(401, refused.status());
            assertEquals("ApiKey realm=\"api\"", refused.field("WWW-Authenticate"));
            assertEquals("free", client.get("/free/").response().text());
            assertEquals("data", client.request("GET /api/x HTTP/1.1", "Host: s",
                    "X-Api-Key: secret", "X-Api-Owner: root").response().text());
            String head = peer.heads().getFirst();
            assertTrue(head.contains("X-Api-Owner: readers"), head);
            assertFalse(head.contains("secret") || head.contains("root"), head);
        }
    }

    @Test
    void aJarIsReplacedByAReloadUnderLoad() throws Exception {
        try (var peer = ScriptedUpstream.answering("data");
                var sluice = withModule(peer).start();
                var load = new Load(sluice.port(), "/free/", 2, 10)) {
            replace(sluice, version("1.0.1"));
            ShortCommand.ask(sluice, "reload").expect(0, "module    ~ api_key");
            replace(sluice, "no jar".getBytes());
            ShortCommand.ask(sluice, "reload").expect(1, "api-key.jar\" is not a jar");
            replace(sluice, version("1.0.2"));
            ShortCommand.ask(sluice, "reload").expect(0, "module    ~ api_key");
            load.awaitAnswers(100);
            assertEquals("[]", load.failures().toString());
            try (var client = sluice.client()) {
                assertEquals(401, client.get("/api/x").response().status());
            }
        }
    }

    /**
     * By {@code mvn verify -Dit.test=ModuleIT -Dsluice.rounds=100} a hundred times: the memory of
     * master and workers stays what it was after the first rounds, and so do their classes.
     */
    @Test
    void aJarIsReplacedManyTimesUnderLoadWithoutAFailure() throws Exception {
        int rounds = Integer.getInteger("sluice.rounds", 3);
        try (var peer = ScriptedUpstream.answering("data");
                var sluice = withModule(peer).start();
                var load = new Load(sluice.port(), "/free/", 2, 10)) {
            long masterKb = 0;
            long workerKb = 0;
            long masterClassesKb = 0;
            long workerClassesKb = 0;
            for (int i = 1; i <= rounds; i++) {
                replace(sluice, version("2.0." + i));
                ShortCommand.ask(sluice, "reload").expect(0, "module    ~ api_key");
                load.awaitAnswers(20);
                if (i == Math.min(10, rounds - 1)) {
                    masterKb = Processes.anonymousKb(sluice.masterPid());
                    workerKb = Processes.anonymousKb(sluice.workerPids().getLast());
                    masterClassesKb = Processes.metaspaceKb(sluice.masterPid());
                    workerClassesKb = Processes.metaspaceKb(sluice.workerPids().getLast());
                }
            }
            assertEquals("[]", load.failures().toString());
            long masterGrowth = Processes.anonymousKb(sluice.masterPid()) - masterKb;
            long workerGrowth = Processes.anonymousKb(sluice.workerPids().getLast()) - workerKb;
            long masterClasses = Processes.metaspaceKb(sluice.masterPid());
            long workerClasses = Processes.metaspaceKb(sluice.workerPids().getLast());
            System.out.println(rounds + " jars: " + load.answered()
                    + " answers, 0 failures; anonymous memory: master " + masterKb + " KiB and "
                    + masterGrowth + " more, worker " + workerKb + " and " + workerGrowth
                    + "; metaspace: master " + masterClassesKb + " KiB, then " + masterClasses
                    + ", worker " + workerClassesKb + ", then " + workerClasses);
            assertTrue(masterGrowth < 24 * 1024 && workerGrowth < 24 * 1024,
                    masterGrowth + " and " + workerGrowth + " KiB more");
            assertTrue(masterClasses - masterClassesKb < 1024
                    && workerClasses - workerClassesKb < 1024, "classes stay");
        }
    }

    /** What only the module itself can find wrong. */
    @Test
    void whatAModuleRefusesIsToldByTheCheckAndStopsNoReload() throws Exception {
        try (var peer = ScriptedUpstream.answering("data");
                var sluice = withModule(peer).start(); var client = sluice.client()) {
            Files.delete(sluice.folder().resolve("keys"));
            ShortCommand.run("-t", "-c", sluice.configuration().toString()).expect(1,
                    "sluice.ini:", "module api_key 1.0.0: [location s /api/]: ",
                    "keys cannot be read");
            replace(sluice, version("1.0.1"));
            ShortCommand.ask(sluice, "reload").expect(3, "module api_key 1.0.1: [location s /api/]",
                    "keys cannot be read", "rolled back");
            assertEquals(401, client.get("/api/x").response().status());
        }
    }
}
