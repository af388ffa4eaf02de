package dev.sluice.module.testkit;

import dev.sluice.module.FileReader;
import dev.sluice.module.ModuleException;
import dev.sluice.module.Watched;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A file that a module watches, read when the test says so. Owner: the test's thread. */
final class InMemoryFile<T> implements Watched<T> {

    private final Path file;
    private final FileReader<T> reader;
    private final Consumer<String> complaints;
    private T value;

    private InMemoryFile(Path file, FileReader<T> reader, Consumer<String> complaints) {
        this.file = file;
        this.reader = reader;
        this.complaints = complaints;
    }

    /** @throws ModuleException it cannot be read, under a check */
    static <T> InMemoryFile<T> open(Path file, FileReader<T> reader, boolean dryRun,
            Consumer<String> complaints) throws ModuleException {
        InMemoryFile<T> one = new InMemoryFile<>(file, reader, complaints);
        try {
            one.value = one.read();
        } catch (ModuleException e) {
            if (dryRun) {
                throw e;
            }
            complaints.accept(e.getMessage());
        }
        return one;
    }

    private T read() throws ModuleException {
        try {
            return reader.read(file);
        } catch (ModuleException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            throw new ModuleException("\"" + file + "\" cannot be read: " + e);
        }
    }

    /** What a worker does when the file has changed. */
    void look() {
        try {
            value = read();
        } catch (ModuleException e) {
            complaints.accept(e.getMessage() + (value == null ? ""
                    : "; what was read before stays"));
        }
    }

    @Override
    public T get() {
        return value;
    }
}
