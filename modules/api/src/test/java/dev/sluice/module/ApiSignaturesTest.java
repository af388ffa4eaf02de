package dev.sluice.module;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Everything that a module can compile against is what signatures.txt says. Written anew by {@code
 * mvn -pl modules/api test -Dsluice.regenerate=true}: a line that is gone or changed breaks jars
 * that exist and needs another major version (below 1.0 a minor one) of Sluice-Module-Api in
 * modules/pom.xml and ModuleJar.API, one more line a minor version.
 */
final class ApiSignaturesTest {

    private static final Path LIST = Path.of("signatures.txt");

    @Test
    void publicSignaturesAreThoseOfTheList() throws Exception {
        String now = String.join("\n", signatures()) + "\n";
        if (Boolean.getBoolean("sluice.regenerate")) {
            Files.writeString(LIST, now);
        }
        assertEquals(Files.readString(LIST), now, "the interface of modules has changed");
    }

    private static List<String> signatures() throws IOException, ReflectiveOperationException {
        Path classes = Path.of("target/classes");
        TreeSet<String> all = new TreeSet<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name = classes.relativize(file).toString().replace('/', '.');
                if (!name.endsWith("-info.class")) {
                    add(Class.forName(name.substring(0, name.length() - ".class".length())), all);
                }
            }
        }
        return List.copyOf(all);
    }

    private static void add(Class<?> type, TreeSet<String> all) {
        if (!isVisible(type.getModifiers())) {
            return;
        }
        String name = type.getName();
        all.add(name + ": " + type.toGenericString() + " extends " + type.getGenericSuperclass()
                + " implements " + Arrays.toString(type.getGenericInterfaces()));
        for (Method method : type.getDeclaredMethods()) {
            // Their order of modifiers and their annotations are those of the class file.
            addExecutable(name, method, all);
        }
        for (Executable constructor : type.getDeclaredConstructors()) {
            addExecutable(name, constructor, all);
        }
        for (Field field : type.getDeclaredFields()) {
            if (isVisible(field.getModifiers()) && !field.isSynthetic()) {
                all.add(name + ": " + field.toGenericString());
            }
        }
    }

    private static void addExecutable(String name, Executable one, TreeSet<String> all) {
        if (isVisible(one.getModifiers()) && !one.isSynthetic()) {
            all.add(name + ": " + one.toGenericString());
        }
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }
}
