package dev.sluice.common.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An image says what was written, whole or not at all. */
class ImageTest {

    private enum Colour {
        RED, GREEN {
            @Override
            public String toString() {
                return "with a body";
            }
        }
    }

    private record Leaf(int number, long big, boolean flag, String text) {}

    private record Tree(Leaf left, Leaf right, List<Object> all, Set<String> names,
            Map<String, Object> values, Colour colour) {}

    private record Picky(int number) {
        Picky {
            if (number > 7) {
                throw new IllegalArgumentException("too many");
            }
        }
    }

    private record Odd(Object value) {}

    private static final Leaf LEAF = new Leaf(-5, Long.MIN_VALUE, true, "grün \u0000 \uD83D\uDE00");

    private static Tree tree(Leaf right) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("z", 1);
        values.put("a", Long.MAX_VALUE);
        values.put("m", Duration.ofMillis(-1500));
        return new Tree(LEAF, right, List.of(Integer.MIN_VALUE, false, Path.of("/a/b"), "",
                new InetSocketAddress(InetAddress.ofLiteral("::1"), 53),
                InetSocketAddress.createUnresolved("name", 65535), List.of(), Colour.RED),
                Set.of("x", "y"), values, Colour.GREEN);
    }

    @Test
    void allKindsComeBack() throws IOException {
        Tree written = tree(new Leaf(Integer.MAX_VALUE, 300, false, null));
        Tree read = ImageReader.read(ImageWriter.write(written), Tree.class);
        assertEquals(written, read);
        assertEquals(List.of("z", "a", "m"), List.copyOf(read.values().keySet()));
    }

    @Test
    void whatIsEqualIsOneObject() throws IOException {
        Tree read = ImageReader.read(ImageWriter.write(tree(new Leaf(LEAF.number, LEAF.big,
                LEAF.flag, new String(LEAF.text)))), Tree.class);
        assertSame(read.left(), read.right());
    }

    private record Many(List<Leaf> all) {}

    @Test
    void manyAreFoundAgainWhenTheTablesGrow() throws IOException {
        List<Leaf> all = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            all.add(new Leaf(i % 20_000, i % 20_000 % 3, false, "text " + i % 20_000 % 7000));
        }
        Many read = ImageReader.read(ImageWriter.write(new Many(all)), Many.class);
        assertEquals(all, read.all());
        Map<Leaf, Leaf> first = new IdentityHashMap<>();
        read.all().forEach(leaf -> first.put(leaf, leaf));
        assertEquals(all.stream().distinct().count(), first.size());
    }

    @Test
    void aCutImageIsRefusedAtEveryByte() throws IOException {
        byte[] image = ImageWriter.write(tree(LEAF));
        for (int length = 0; length < image.length; length++) {
            byte[] cut = Arrays.copyOf(image, length);
            assertThrows(IOException.class, () -> ImageReader.read(cut, Tree.class));
        }
        byte[] longer = Arrays.copyOf(image, image.length + 1);
        assertThrows(IOException.class, () -> ImageReader.read(longer, Tree.class));
    }

    @Test
    void aDamagedImageIsReadOrRefusedAndNothingElse() throws IOException {
        byte[] image = ImageWriter.write(tree(LEAF));
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = image.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            try {
                ImageReader.read(damaged, Tree.class);
            } catch (IOException refused) {
                assertTrue(refused.getMessage().contains("image"), refused::getMessage);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void aRecordOfAnotherBuildIsNamed() {
        byte[] image = ImageWriter.write(LEAF);
        String bytes = new String(image, StandardCharsets.ISO_8859_1);
        byte[] other = bytes.replace("flag:boolean", "flog:boolean")
                .getBytes(StandardCharsets.ISO_8859_1);
        IOException e = assertThrows(IOException.class,
                () -> ImageReader.read(other, Leaf.class));
        assertTrue(e.getMessage().contains("another build") && e.getMessage().contains("flog"),
                e::getMessage);
    }

    @Test
    void aConstructorsRefusalIsOurs() {
        byte[] image = ImageWriter.write(new Picky(7));
        image[image.length - 1] = 16;
        assertThrows(IOException.class, () -> ImageReader.read(image, Picky.class));
    }

    @Test
    void otherTypesAreADefectOfTheCaller() {
        assertThrows(IllegalArgumentException.class,
                () -> ImageWriter.write(new Odd(new StringBuilder())));
        assertThrows(IllegalArgumentException.class, () -> ImageWriter.write(new Odd(1.5)));
    }
}
