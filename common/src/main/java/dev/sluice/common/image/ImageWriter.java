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

    /**
     * A record's type, how its components are asked, and what the last one of its kind had and
     * where that stands: locations and servers share most of what they say with their neighbour,
     * and comparing costs a third of what looking an identity up does.
     */
    private record Type(int place, Method[] accessors, boolean[] primitive, Object[] last,
            int[] lastPlace) {}

    private final Bytes objects = new Bytes(1 << 16);
    private final Map<Object, Integer> places = new IdentityHashMap<>();
    /** By place: where its bytes begin; those of the next place end it. */
    private int[] starts = new int[1 << 12];
    private int[] hashes = new int[1 << 12];
    /** Places by the hash of their bytes, 0 for none: a table of open addresses, half empty. */
    private int[] table = new int[1 << 13];
    /** Numbers of objects that are not written yet, as what they consist of comes first. */
    private long[] pending = new long[64];
    private int pendingCount;
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
        int place = describe(value);
        places.put(value, place);
        return place;
    }

    /** Not a switch over patterns: linking one costs a start more than this whole work. */
    private int describe(Object value) {
        if (value instanceof Record one) {
            return record(one);
        }
        if (value instanceof String) {
            return plain(value);
        }
        if (value instanceof List<?> many) {
            return all(Kind.LIST, many);
        }
        if (value instanceof Set<?> many) {
            return all(Kind.SET, many);
        }
        if (value instanceof Map<?, ?> many) {
            return pairs(many);
        }
        if (value instanceof InetSocketAddress one) {
            return address(one);
        }
        if (value instanceof Path one) {
            int text = place(one.toString());
            int from = begin(Kind.PATH);
            objects.number(text);
            return settled(from);
        }
        if (value instanceof Enum<?> one) {
            int type = constants(one.getDeclaringClass());
            int from = begin(Kind.CONSTANT);
            objects.number(type);
            objects.number(one.ordinal());
            return settled(from);
        }
        return plain(value);
    }

    private int plain(Object value) {
        int from = objects.size();
        if (value instanceof String one) {
            begin(Kind.STRING);
            text(objects, one);
        } else if (value instanceof Integer || value instanceof Long) {
            begin(value instanceof Integer ? Kind.INTEGER : Kind.LONG);
            objects.signed(((Number) value).longValue());
        } else if (value instanceof Boolean one) {
            begin(Kind.BOOLEAN);
            objects.put(one ? 1 : 0);
        } else if (value instanceof Duration one) {
            begin(Kind.DURATION);
            objects.signed(one.getSeconds());
            objects.number(one.getNano());
        } else {
            throw new IllegalArgumentException(
                    "an image cannot hold a " + value.getClass().getName());
        }
        return settled(from);
    }

    /** @return where the object begins */
    private int begin(Kind kind) {
        int from = objects.size();
        objects.put(kind.ordinal());
        return from;
    }

    /** @return the place of the object that was written last, or of an equal one before it */
    private int settled(int from) {
        int hash = objects.hashFrom(from);
        int slot = slotOf(hash);
        while (table[slot] != 0) {
            int place = table[slot];
            int end = place == count ? from : starts[place + 1];
            if (hashes[place] == hash && objects.endsLike(from, starts[place], end)) {
                objects.cutTo(from);
                return place;
            }
            slot = slot + 1 & table.length - 1;
        }
        if (++count == starts.length) {
            grow();
        }
        starts[count] = from;
        hashes[count] = hash;
        enter(count);
        return count;
    }

    private int slotOf(int hash) {
        return (hash ^ hash >>> 15) & table.length - 1;
    }

    private void grow() {
        starts = Arrays.copyOf(starts, 2 * starts.length);
        hashes = Arrays.copyOf(hashes, 2 * hashes.length);
        int[] before = table;
        table = new int[2 * before.length];
        for (int place : before) {
            if (place != 0) {
                enter(place);
            }
        }
    }

    private void enter(int place) {
        int slot = slotOf(hashes[place]);
        while (table[slot] != 0) {
            slot = slot + 1 & table.length - 1;
        }
        table[slot] = place;
    }

    private void push(long number) {
        if (pendingCount == pending.length) {
            pending = Arrays.copyOf(pending, 2 * pendingCount);
        }
        pending[pendingCount++] = number;
    }

    /** Writes the numbers that were pushed from this one on. */
    private void pop(int from) {
        for (int i = from; i < pendingCount; i++) {
            objects.number(pending[i]);
        }
        pendingCount = from;
    }

    private int all(Kind kind, Collection<?> many) {
        int mine = pendingCount;
        many.forEach(one -> push(place(one)));
        int from = begin(kind);
        objects.number(many.size());
        pop(mine);
        return settled(from);
    }

    private int pairs(Map<?, ?> many) {
        int mine = pendingCount;
        many.forEach((key, value) -> {
            push(place(key));
            push(place(value));
        });
        int from = begin(Kind.MAP);
        objects.number(many.size());
        pop(mine);
        return settled(from);
    }

    private int address(InetSocketAddress one) {
        int host = one.isUnresolved() ? place(one.getHostString()) : 0;
        int address = one.isUnresolved() ? 0 : place(one.getAddress().getHostAddress());
        int from = begin(Kind.ADDRESS);
        objects.number(host);
        objects.number(address);
        objects.number(one.getPort());
        return settled(from);
    }

    private int constants(Class<?> type) {
        return types.computeIfAbsent(type, absent -> {
            shapes.add(Shape.of(type, type.getEnumConstants()));
            return new Type(shapes.size() - 1, null, null, null, null);
        }).place;
    }

    private int record(Record one) {
        Type type = types.computeIfAbsent(one.getClass(), this::typeOf);
        int mine = pendingCount;
        for (int i = 0; i < type.accessors.length; i++) {
            Object value;
            try {
                value = type.accessors[i].invoke(one);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException(e);
            }
            if (type.primitive[i]) {
                push(Bytes.zigzag(value instanceof Boolean flag ? flag ? 1 : 0
                        : ((Number) value).longValue()));
            } else {
                if (type.last[i] != value) {
                    type.lastPlace[i] = place(value);
                    type.last[i] = value;
                }
                push(type.lastPlace[i]);
            }
        }
        int from = begin(Kind.RECORD);
        objects.number(type.place);
        pop(mine);
        return settled(from);
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
        return new Type(shapes.size() - 1, accessors, primitive, new Object[components.length],
                new int[components.length]);
    }
}
