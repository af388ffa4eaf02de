package dev.sluice.common.module;

import dev.sluice.module.FileReader;
import dev.sluice.module.ModuleException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Calls a module's reader of a file; whatever it throws comes out in words. Stateless. */
public final class FileReading {

    private FileReading() {
    }

    /** @throws ModuleException the file cannot be used, with its name and why */
    public static <T> T read(Path file, FileReader<T> reader) throws ModuleException {
        String shown = "\"" + file + "\" ";
        try {
            T value = reader.read(file);
            if (value == null) {
                throw new ModuleException(shown + "is read as null");
            }
            return value;
        } catch (ModuleException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new ModuleException(shown + "does not exist");
        } catch (Exception | LinkageError e) {
            throw new ModuleException(shown + "cannot be read: " + e);
        }
    }
}
