package dev.sluice.common.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;

/**
 * Reads what a module's jar says of itself. All of it comes from one reading of the file, which is
 * what the digest is of. Stateless; the loading thread.
 */
final class ModuleReader {

    static final String SERVICE = "META-INF/services/dev.sluice.module.SluiceModule";
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final String KEYS = "META-INF/sluice/keys.ini";
    private static final long JAR_BYTES_MAX = 256L << 20;
    private static final int TABLE_BYTES_MAX = 1 << 20;
    private static final int NAMES_MAX = 32;

    private ModuleReader() {
    }

    /** @throws BadValue why it cannot be used; the message begins with the path */
    static ModuleJar read(Path file) throws BadValue {
        String shown = "\"" + file + "\" ";
        try {
            if (Files.size(file) > JAR_BYTES_MAX) {
                throw new BadValue(shown + "is longer than 256m");
            }
            return read(file, Files.readAllBytes(file), shown);
        } catch (NoSuchFileException e) {
            throw new BadValue(shown + "does not exist");
        } catch (IOException e) {
            throw new BadValue(shown + "cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private static ModuleJar read(Path file, byte[] content, String shown)
            throws IOException, BadValue {
        Manifest manifest = null;
        byte[] keys = {};
        boolean service = false;
        int entries = 0;
        try (JarInputStream jar = new JarInputStream(new ByteArrayInputStream(content), false)) {
            manifest = jar.getManifest();
            for (JarEntry entry = jar.getNextJarEntry(); entry != null;
                    entry = jar.getNextJarEntry()) {
                entries++;
                if (entry.getName().equals(MANIFEST)) {
                    manifest = new Manifest(jar);
                } else if (entry.getName().equals(KEYS)) {
                    keys = jar.readNBytes(TABLE_BYTES_MAX);
                }
                service |= entry.getName().equals(SERVICE);
            }
        }
        if (manifest == null && entries == 0) {
            throw new BadValue(shown + "is not a jar");
        }
        String name = manifest == null ? null : main(manifest, "Sluice-Module");
        if (name == null || name.isEmpty()) {
            throw new BadValue(shown + "is not a module: its manifest has no Sluice-Module",
                    "put jars that modules need into the modules themselves");
        }
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new BadValue(shown + "calls itself \"" + name + "\"",
                    "a module's name has lower-case letters, digits and _");
        }
        String api = main(manifest, "Sluice-Module-Api");
        checkApi(shown, api);
        if (!service) {
            throw new BadValue(shown + "has no " + SERVICE);
        }
        List<ConfigKey<?>> table = table(name, keys, shown);
        return new ModuleJar(file, ModuleJar.sha256(content), name,
                main(manifest, "Sluice-Module-Version"), api,
                main(manifest, "Sluice-Module-Phases"),
                names(manifest, "Sluice-Module-Before"), names(manifest, "Sluice-Module-After"),
                names(manifest, "Sluice-Module-Needs"),
                variables(manifest, shown),
                plainNames(manifest, "Sluice-Module-Counters", shown),
                prefixed(manifest, "Sluice-Module-Balancers", name, shown),
                kinds(table), table);
    }

    private static Map<String, String> kinds(List<ConfigKey<?>> table) {
        Map<String, String> kinds = new HashMap<>();
        for (ConfigKey<?> key : table) {
            kinds.put(key.name(), key.repeated() ? "a list" : key.type().name());
        }
        return kinds;
    }

    private static String main(Manifest manifest, String attribute) {
        String value = manifest.getMainAttributes().getValue(new Attributes.Name(attribute));
        return value == null ? "" : value.strip();
    }

    private static List<String> names(Manifest manifest, String attribute) {
        return Arrays.stream(main(manifest, attribute).split("[ ,]+"))
                .filter(name -> !name.isEmpty()).toList();
    }

    private static List<String> plainNames(Manifest manifest, String attribute, String shown)
            throws BadValue {
        List<String> names = names(manifest, attribute);
        for (String name : names) {
            if (!name.matches("[a-z][a-z0-9_]*") || names.size() > NAMES_MAX) {
                throw new BadValue(shown + "has a bad " + attribute + ": " + name, NAMES_MAX
                        + " names at most, of lower-case letters, digits and _");
            }
        }
        return names.stream().distinct().toList();
    }

    /** Any that is none of ours; a family ends with an asterisk. */
    private static List<String> variables(Manifest manifest, String shown) throws BadValue {
        List<String> names = names(manifest, "Sluice-Module-Variables");
        for (String name : names) {
            if (!name.matches("[a-z][a-z0-9_]*(?<=_)\\*|[a-z][a-z0-9_]*")
                    || names.size() > NAMES_MAX) {
                throw new BadValue(shown + "has a bad Sluice-Module-Variables: " + name, NAMES_MAX
                        + " names at most, of lower-case letters, digits and _");
            }
            if (KnownVariables.isTaken(name)) {
                throw new BadValue(shown + "brings $" + name + ", which is a variable of Sluice");
            }
        }
        return names.stream().distinct().toList();
    }

    private static List<String> prefixed(Manifest manifest, String attribute, String module,
            String shown) throws BadValue {
        List<String> names = plainNames(manifest, attribute, shown);
        for (String name : names) {
            if (!name.equals(module) && !name.startsWith(module + "_")) {
                throw new BadValue(shown + "brings " + name + ", which is not called " + module
                        + " or " + module + "_...");
            }
        }
        return names;
    }

    /** The major version is equal, the minor one not above ours. */
    private static void checkApi(String shown, String api) throws BadValue {
        if (!api.matches("[0-9]{1,4}\\.[0-9]{1,4}")) {
            throw new BadValue(shown + "says no version of the interface it needs",
                    "its manifest needs Sluice-Module-Api: " + ModuleJar.API);
        }
        int[] wanted = parts(api);
        int[] ours = parts(ModuleJar.API);
        if (wanted[0] != ours[0] || wanted[1] > ours[1]) {
            throw new BadValue(shown + "needs version " + api + " of the interface of modules; this"
                    + " Sluice has " + ModuleJar.API, wanted[0] < ours[0]
                    ? "get a newer version of the module" : "upgrade Sluice");
        }
    }

    private static int[] parts(String version) {
        return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    }

    private static List<ConfigKey<?>> table(String name, byte[] keys, String shown)
            throws BadValue {
        Problems problems = new Problems();
        List<IniSection> sections = IniReader.readText(
                new String(keys, StandardCharsets.UTF_8), Path.of(KEYS), problems);
        if (problems.hasErrors()) {
            throw new BadValue(shown + "has a bad table of keys: " + problems.errors().getFirst());
        }
        try {
            return ModuleKeyTable.of(name, sections);
        } catch (BadValue e) {
            throw new BadValue(shown + "has a bad table of keys: " + e.getMessage());
        }
    }
}
