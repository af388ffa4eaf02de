package dev.sluice.common.module;

import dev.sluice.module.SluiceModule;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * The class loader of one module's jar. Above it there are the JDK and the interface of modules,
 * and nothing else of Sluice or of its libraries: a module may carry any version of any library.
 *
 * <p>It lives as long as the process: nothing is unloaded in a JVM that runs.
 */
final class ModuleClasses extends URLClassLoader {

    static {
        registerAsParallelCapable();
    }

    /** Finds the interface of modules where this class was found, all else in the JDK. */
    private static final class Above extends ClassLoader {

        private static final String INTERFACE = SluiceModule.class.getPackageName() + ".";
        private static final Above INSTANCE = new Above();

        static {
            registerAsParallelCapable();
        }

        Above() {
            super("modules", ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith(INTERFACE)) {
                return Class.forName(name, false, SluiceModule.class.getClassLoader());
            }
            throw new ClassNotFoundException(name);
        }
    }

    private ModuleClasses(String name, URL jar) {
        super("module " + name, new URL[] {jar}, Above.INSTANCE);
    }

    static ModuleClasses of(String name, Path jar) throws IOException {
        return new ModuleClasses(name, jar.toUri().toURL());
    }
}
