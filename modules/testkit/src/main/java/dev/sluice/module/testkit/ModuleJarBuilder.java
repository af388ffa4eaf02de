package dev.sluice.module.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * The jar of a module, made of classes of a test: with a good manifest for the interface of this
 * version unless the test changes it. Owner: one test thread.
 */
public final class ModuleJarBuilder {

    private final Manifest manifest = new Manifest();
    private final List<Class<?>> classes = new ArrayList<>();
    private String keys;
    private String providers;

    private ModuleJarBuilder(String name) {
        attribute("Manifest-Version", "1.0");
        attribute("Sluice-Module", name);
        attribute("Sluice-Module-Version", "1.2.3");
        attribute("Sluice-Module-Api", "0.3");
        attribute("Sluice-Module-Phases", "access");
    }

    public static ModuleJarBuilder of(String name) {
        return new ModuleJarBuilder(name);
    }

    /** Null takes the attribute away. */
    public ModuleJarBuilder attribute(String name, String value) {
        Attributes main = manifest.getMainAttributes();
        if (value == null) {
            main.remove(new Attributes.Name(name));
        } else {
            main.putValue(name, value);
        }
        return this;
    }

    public ModuleJarBuilder keys(String table) {
        keys = table;
        return this;
    }

    /** The first one is the provider; classes inside of another are to be named too. */
    public ModuleJarBuilder classes(Class<?>... all) {
        classes.addAll(List.of(all));
        providers = all[0].getName();
        return this;
    }

    /** The text of META-INF/services, whatever it says. */
    public ModuleJarBuilder providers(String text) {
        providers = text;
        return this;
    }

    public Path write(Path file) {
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            if (providers != null) {
                entry(jar, "META-INF/services/dev.sluice.module.SluiceModule",
                        providers.getBytes(StandardCharsets.UTF_8));
            }
            if (keys != null) {
                entry(jar, "META-INF/sluice/keys.ini", keys.getBytes(StandardCharsets.UTF_8));
            }
            for (Class<?> one : classes) {
                String path = one.getName().replace('.', '/') + ".class";
                try (InputStream in = one.getClassLoader().getResourceAsStream(path)) {
                    entry(jar, path, in.readAllBytes());
                }
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void entry(JarOutputStream jar, String name, byte[] content)
            throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }
}
