package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Describes a configuration without where each part was written, to compare two of them. */
final class SameConfig {

    private SameConfig() {
    }

    /** Insists that the effective text of a configuration says the same, and its image, too. */
    static void insist(LoadedConfig loaded, Path folder) throws IOException {
        String wanted = describe(loaded.config());
        Path copy = Files.writeString(folder.resolve("gen.ini"), loaded.effectiveText());
        LoadedConfig again = ConfigLoader.load(copy, null, List.of());
        assertEquals(List.of(), again.errors());
        assertEquals(wanted, describe(again.config()));
        Path image = Files.write(folder.resolve("gen.image"),
                WorkerImage.of(loaded.config(), folder));
        if (loaded.config().modules().isEmpty()) {
            // Of modules a worker gets copies.
            assertEquals(loaded.config(), WorkerImage.read(image).config());
        }
    }

    static String describe(Object value) {
        StringBuilder text = new StringBuilder();
        describe(value, "", text);
        return text.toString();
    }

    private static void describe(Object value, String path, StringBuilder text) {
        if (value instanceof Record record) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                if (component.getType() != SourceLine.class) {
                    describe(read(record, component), path + "." + component.getName(), text);
                }
            }
        } else if (value instanceof Collection<?> list && !(list instanceof Set)) {
            int i = 0;
            for (Object element : list) {
                describe(element, path + "[" + i++ + "]", text);
            }
        } else if (value instanceof Map<?, ?> map) {
            text.append(path).append(" = ").append(new TreeMap<>(map)).append('\n');
        } else if (value instanceof Set<?> set) {
            text.append(path).append(" = ").append(set.stream().map(Object::toString).sorted()
                    .toList()).append('\n');
        } else {
            text.append(path).append(" = ").append(value).append('\n');
        }
    }

    private static Object read(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
