package dev.sluice.common.image;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads an image that {@link ImageWriter} has written. Records are made by their constructors.
 * Owner: one thread.
 */
public final class ImageReader {

    /** A type of the image as it is here. */
    private record Type(Constructor<?> constructor, Class<?>[] components, Object[] constants) {}

    private final byte[] image;
    private int at;
    private Type[] types;
    private Object[] objects;

    private ImageReader(byte[] image) {
        this.image = image;
    }

    /**
     * The record whose image this is.
     *
     * @throws IOException it is no image, is cut short, or its records are not as they are here
     */
    public static <T extends Record> T read(byte[] image, Class<T> type) throws IOException {
        int magic = ImageWriter.MAGIC.length;
        if (image.length < magic
                || !Arrays.equals(image, 0, magic, ImageWriter.MAGIC, 0, magic)) {
            throw new IOException("it is no image of a configuration");
        }
        ImageReader reader = new ImageReader(image);
        reader.at = magic;
        try {
            return type.cast(reader.root());
        } catch (IndexOutOfBoundsException | NegativeArraySizeException | ClassCastException
                | IllegalArgumentException | NullPointerException e) {
            throw new IOException("the image is damaged near byte " + reader.at + ": " + e);
        } catch (ReflectiveOperationException e) {
            throw new IOException("the image is of another build of Sluice: " + e);
        }
    }

    private Object root() throws IOException, ReflectiveOperationException {
        types = new Type[count()];
        for (int i = 0; i < types.length; i++) {
            types[i] = type(text());
        }
        int count = count();
        objects = new Object[count + 1];
        for (int i = 1; i <= count; i++) {
            objects[i] = object();
        }
        if (at != image.length) {
            throw new IllegalArgumentException("bytes behind the last object");
        }
        return objects[count];
    }

    /** A count of things each of which takes a byte at least. */
    private int count() {
        long count = number();
        if (count < 0 || count > image.length - at) {
            throw new IllegalArgumentException("a count of " + count);
        }
        return (int) count;
    }

    private static Type type(String shape) throws IOException, ReflectiveOperationException {
        int end = shape.indexOf(' ');
        Class<?> type = Class.forName(end < 0 ? shape : shape.substring(0, end));
        Type here;
        String shapeHere;
        if (type.isRecord()) {
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] parameters = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                parameters[i] = components[i].getType();
            }
            Constructor<?> constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            here = new Type(constructor, parameters, null);
            shapeHere = Shape.of(type, components);
        } else {
            here = new Type(null, null, type.getEnumConstants());
            shapeHere = Shape.of(type, here.constants);
        }
        if (!shape.equals(shapeHere)) {
            throw new IOException("the image is of another build of Sluice: it has \"" + shape
                    + "\", here it is \"" + shapeHere + "\"");
        }
        return here;
    }

    private Object object() throws IOException, ReflectiveOperationException {
        int kind = image[at++];
        // The most frequent first: this runs once for each object, and mostly not yet compiled.
        if (kind == Kind.RECORD.ordinal()) {
            return record();
        }
        if (kind == Kind.STRING.ordinal()) {
            return text();
        }
        return switch (Kind.ALL[kind]) {
            case INTEGER -> (int) signed();
            case LONG -> signed();
            case BOOLEAN -> image[at++] != 0;
            case CONSTANT -> types[(int) number()].constants[(int) number()];
            case LIST -> List.of(places());
            case SET -> Set.of(places());
            case MAP -> pairs();
            case PATH -> Path.of((String) place());
            case DURATION -> Duration.ofSeconds(signed(), number());
            case ADDRESS -> address();
            default -> throw new IllegalArgumentException("kind " + kind);
        };
    }

    private Object record() throws ReflectiveOperationException {
        Type type = types[(int) number()];
        Class<?>[] components = type.components;
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            Class<?> component = components[i];
            if (!component.isPrimitive()) {
                values[i] = objects[(int) number()];
            } else if (component == int.class) {
                values[i] = (int) signed();
            } else if (component == long.class) {
                values[i] = signed();
            } else {
                values[i] = signed() != 0;
            }
        }
        try {
            return type.constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(e.getCause());
        }
    }

    private Object place() {
        return objects[(int) number()];
    }

    private Object[] places() {
        Object[] all = new Object[count()];
        for (int i = 0; i < all.length; i++) {
            all[i] = place();
        }
        return all;
    }

    private Map<Object, Object> pairs() {
        int count = count();
        Map<Object, Object> all = LinkedHashMap.newLinkedHashMap(count);
        for (int i = 0; i < count; i++) {
            Object key = place();
            all.put(key, place());
        }
        return all;
    }

    private InetSocketAddress address() throws IOException {
        String host = (String) place();
        String address = (String) place();
        int port = (int) number();
        return host != null ? InetSocketAddress.createUnresolved(host, port)
                : new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private String text() {
        int length = count();
        String text = new String(image, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    private long number() {
        byte first = image[at++];
        if (first >= 0) {
            return first;
        }
        long value = first & 0x7F;
        for (int shift = 7; shift < 64; shift += 7) {
            byte next = image[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number without an end");
    }

    private long signed() {
        long value = number();
        return value >>> 1 ^ -(value & 1);
    }
}
