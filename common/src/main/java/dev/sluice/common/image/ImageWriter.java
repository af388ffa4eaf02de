package dev.sluice.common.image;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a tree of records as an image: each object once, however many share it, those that it
 * consists of before it. Records, enums, lists, sets, maps, strings, paths, durations, socket
 * addresses, and boxed numbers; anything else is a defect of the caller. Owner: one thread.
 *
 * <p>Layout: {@link #MAGIC}; count of types, the {@link Shape} of each; count of objects; each
 * object as its {@link Kind} says. Place 0 is null; the root is the last object. Equal bytes are
 * one object, so a reader shares all that is equal.
 */
public final class ImageWriter {

    static final byte[] MAGIC = "sluice image 1\n".getBytes(StandardCharsets.US_ASCII);

    /** Bytes of an object as a key. */
    private record Written(byte[] bytes) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Written that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    /** A record's type and how its components are asked. */
    private record Type(int place, Method[] accessors, boolean[] primitive) {}

    private final Bytes objects = new Bytes(1 << 16);
    private final Map<Object, Integer> places = new IdentityHashMap<>();
    private final Map<Written, Integer> byBytes = new HashMap<>();
    private final Map<Class<?>, Type> types = new HashMap<>();
    private final List<String> shapes = new ArrayList<>();
    private int count;

    private ImageWriter() {
    }

    /**
     * The image of a record.
     *
     * @throws IllegalArgumentException something in it is of a type that images do not have
     */
    public static byte[] write(Record root) {
        ImageWriter writer = new ImageWriter();
        writer.place(root);
        Bytes all = new Bytes(writer.objects.size() + (1 << 14));
        all.put(MAGIC);
        all.number(writer.shapes.size());
        for (String shape : writer.shapes) {
            text(all, shape);
        }
        all.number(writer.count);
        all.put(writer.objects.toArray());
        return all.toArray();
    }

    private static void text(Bytes out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.number(utf8.length);
        out.put(utf8);
    }

    private int place(Object value) {
        if (value == null) {
            return 0;
        }
        Integer known = places.get(value);
        if (known != null) {
            return known;
        }
        Bytes bytes = new Bytes(64);
        describe(value, bytes);
        int place = byBytes.computeIfAbsent(new Written(bytes.toArray()), written -> {
            objects.put(written.bytes);
            return ++count;
        });
        places.put(value, place);
        return place;
    }

    /** Not a switch over patterns: linking one costs a start more than this whole work. */
    private void describe(Object value, Bytes out) {
        if (value instanceof Record one) {
            record(one, out);
        } else if (value instanceof String one) {
            out.put(Kind.STRING.ordinal());
            text(out, one);
        } else if (value instanceof Integer || value instanceof Long) {
            out.put((value instanceof Integer ? Kind.INTEGER : Kind.LONG).ordinal());
            out.signed(((Number) value).longValue());
        } else if (value instanceof Boolean one) {
            out.put(Kind.BOOLEAN.ordinal());
            out.put(one ? 1 : 0);
        } else if (value instanceof Enum<?> one) {
            int type = constants(one.getDeclaringClass());
            out.put(Kind.CONSTANT.ordinal());
            out.number(type);
            out.number(one.ordinal());
        } else if (value instanceof List<?> many) {
            all(Kind.LIST, many, out);
        } else if (value instanceof Set<?> many) {
            all(Kind.SET, many, out);
        } else if (value instanceof Map<?, ?> many) {
            pairs(many, out);
        } else if (value instanceof Path one) {
            int text = place(one.toString());
            out.put(Kind.PATH.ordinal());
            out.number(text);
        } else if (value instanceof Duration one) {
            out.put(Kind.DURATION.ordinal());
            out.signed(one.getSeconds());
            out.number(one.getNano());
        } else if (value instanceof InetSocketAddress one) {
            address(one, out);
        } else {
            throw new IllegalArgumentException(
                    "an image cannot hold a " + value.getClass().getName());
        }
    }

    private void all(Kind kind, Collection<?> many, Bytes out) {
        out.put(kind.ordinal());
        out.number(many.size());
        many.forEach(one -> out.number(place(one)));
    }

    private void pairs(Map<?, ?> many, Bytes out) {
        out.put(Kind.MAP.ordinal());
        out.number(many.size());
        many.forEach((key, value) -> {
            out.number(place(key));
            out.number(place(value));
        });
    }

    private void address(InetSocketAddress one, Bytes out) {
        out.put(Kind.ADDRESS.ordinal());
        out.number(one.isUnresolved() ? place(one.getHostString()) : 0);
        out.number(one.isUnresolved() ? 0 : place(one.getAddress().getHostAddress()));
        out.number(one.getPort());
    }

    private int constants(Class<?> type) {
        return types.computeIfAbsent(type, absent -> {
            shapes.add(Shape.of(type, type.getEnumConstants()));
            return new Type(shapes.size() - 1, null, null);
        }).place;
    }

    private void record(Record one, Bytes out) {
        Type type = types.computeIfAbsent(one.getClass(), this::typeOf);
        out.put(Kind.RECORD.ordinal());
        out.number(type.place);
        for (int i = 0; i < type.accessors.length; i++) {
            Object value;
            try {
                value = type.accessors[i].invoke(one);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException(e);
            }
            if (type.primitive[i]) {
                out.signed(value instanceof Boolean flag ? flag ? 1 : 0
                        : ((Number) value).longValue());
            } else {
                out.number(place(value));
            }
        }
    }

    private Type typeOf(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Method[] accessors = new Method[components.length];
        boolean[] primitive = new boolean[components.length];
        for (int i = 0; i < components.length; i++) {
            Class<?> of = components[i].getType();
            if (of.isPrimitive() && of != int.class && of != long.class && of != boolean.class) {
                throw new IllegalArgumentException("an image cannot hold a " + of);
            }
            accessors[i] = components[i].getAccessor();
            accessors[i].setAccessible(true);
            primitive[i] = of.isPrimitive();
        }
        shapes.add(Shape.of(type, components));
        return new Type(shapes.size() - 1, accessors, primitive);
    }
}
