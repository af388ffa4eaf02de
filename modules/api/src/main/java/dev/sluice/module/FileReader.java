package dev.sluice.module;

import java.nio.file.Path;

/**
 * Makes of a file what a module wants of it; see {@link ModuleContext#watch}. May block: it is
 * called at the start on the thread that opens the module, later on a thread of its own, never
 * twice at a time for one file.
 *
 * @param <T> immutable, or no longer used by the reader: it is handed to the event loop
 */
@FunctionalInterface
public interface FileReader<T> {

    /**
     * @return never null
     * @throws Exception the file cannot be used; of a {@link ModuleException} the message alone is
     *     told, of others their name, too
     */
    T read(Path file) throws Exception;
}
