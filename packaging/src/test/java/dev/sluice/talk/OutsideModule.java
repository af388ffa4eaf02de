package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * The jar of a module as somebody else would build it: compiled from its source against the
 * published jar of the interface, and nothing else.
 */
final class OutsideModule {

    private OutsideModule() {
    }

    /** What is published. */
    static Path publishedApi() throws IOException {
        try (Stream<Path> jars = Files.list(Path.of("../modules/api/target"))) {
            return jars.filter(jar -> jar.getFileName().toString().matches(
                    "sluice-module-api-[0-9.]+(-SNAPSHOT)?\\.jar")).findFirst().orElseThrow();
        }
    }

    /**
     * @param source of the provider, in the package {@code outside}
     * @param manifest names and values in turn, beside name, version and interface
     */
    static byte[] jar(Path folder, String name, String source, String keys, String... manifest)
            throws IOException {
        String provider = source.replaceAll("(?s).*public final class (\\w+).*", "$1");
        Path file = Files.createDirectories(folder.resolve("src/outside"))
                .resolve(provider + ".java");
        Files.writeString(file, source);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none",
                "-Xlint:all", "-Werror", "--release", "25", "-cp", publishedApi().toString(),
                "-d", classes.toString(), file.toString());
        assertEquals(0, result, "javac");
        Manifest own = new Manifest();
        Attributes main = own.getMainAttributes();
        List<String> all = new ArrayList<>(List.of("Manifest-Version", "1.0", "Sluice-Module", name,
                "Sluice-Module-Version", "3.1", "Sluice-Module-Api", "0.3"));
        all.addAll(List.of(manifest));
        for (int i = 0; i < all.size(); i += 2) {
            main.putValue(all.get(i), all.get(i + 1));
        }
        Path jar = folder.resolve(name + ".jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), own);
                Stream<Path> files = Files.walk(classes)) {
            entry(out, "META-INF/services/dev.sluice.module.SluiceModule",
                    ("outside." + provider).getBytes());
            entry(out, "META-INF/sluice/keys.ini", keys.getBytes());
            for (Path one : files.filter(Files::isRegularFile).toList()) {
                entry(out, classes.relativize(one).toString(), Files.readAllBytes(one));
            }
        }
        return Files.readAllBytes(jar);
    }

    private static void entry(JarOutputStream out, String name, byte[] content)
            throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
    }
}
