package dev.sluice.common.image;

import java.lang.reflect.RecordComponent;

/**
 * What the components of a record are called and of what type they are, in one text: two builds in
 * which it is the same can read each other's records.
 */
final class Shape {

    private Shape() {
    }

    static String of(Class<?> type, RecordComponent[] components) {
        StringBuilder text = new StringBuilder(type.getName());
        for (RecordComponent component : components) {
            text.append(' ').append(component.getName()).append(':')
                    .append(component.getType().getName());
        }
        return text.toString();
    }

    /** Of an enum: the names of its constants. */
    static String of(Class<?> type, Object[] constants) {
        StringBuilder text = new StringBuilder(type.getName());
        for (Object constant : constants) {
            text.append(' ').append(((Enum<?>) constant).name());
        }
        return text.toString();
    }
}
