package dev.sluice.worker.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Header blocks: the examples of RFC 7541 appendix C, what is malformed, and the table. */
final class HpackDecoderTest {

    private final HpackDecoder decoder = new HpackDecoder(new HpackScratch());

    private List<String> read(String hex) {
        return Blocks.fields(decoder, Blocks.hex(hex));
    }

    @Test
    void requestsWithoutHuffmanCode() {
        assertEquals(List.of(":method=GET", ":scheme=http", ":path=/",
                ":authority=www.example.com"),
                read("828684410f7777772e6578616d706c652e636f6d"));
        assertEquals(List.of(":method=GET", ":scheme=http", ":path=/",
                ":authority=www.example.com", "cache-control=no-cache"),
                read("828684be58086e6f2d6361636865"));
        assertEquals(List.of(":method=GET", ":scheme=https", ":path=/index.html",
                ":authority=www.example.com", "custom-key=custom-value"),
                read("828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565"));
    }

    @Test
    void requestsInHuffmanCode() {
        assertEquals(List.of(":method=GET", ":scheme=http", ":path=/",
                ":authority=www.example.com"),
                read("828684418cf1e3c2e5f23a6ba0ab90f4ff"));
        assertEquals(List.of(":method=GET", ":scheme=http", ":path=/",
                ":authority=www.example.com", "cache-control=no-cache"),
                read("828684be5886a8eb10649cbf"));
        assertEquals(List.of(":method=GET", ":scheme=https", ":path=/index.html",
                ":authority=www.example.com", "custom-key=custom-value"),
                read("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"));
    }

    /** C.6, whose table has 256 bytes, so that entries are evicted. */
    @Test
    void responsesThatEvict() {
        String date21 = "date=Mon, 21 Oct 2013 20:13:21 GMT";
        String location = "location=https://www.example.com";
        assertEquals(List.of(":status=302", "cache-control=private", date21, location),
                read("3fe101 488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff"
                        + "6e919d29ad171863c78f0b97c8e9ae82ae43d3"));
        assertEquals(List.of(":status=307", "cache-control=private", date21, location),
                read("4883640effc1c0bf"));
        assertEquals(List.of(":status=200", "cache-control=private",
                "date=Mon, 21 Oct 2013 20:13:22 GMT", location, "content-encoding=gzip",
                "set-cookie=foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"),
                read("88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821d"
                        + "d7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5"
                        + "b1063d5007"));
    }

    @Test
    void theNameOfAnEntryThatIsEvictedForTheNewOne() {
        String name = "n".repeat(100);
        assertEquals(1, Blocks.fields(decoder, Blocks.indexed(name, "v".repeat(3900))).size());
        // Literal with incremental indexing, its name that of entry 62: 0x7e.
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x7e);
        block.write(1);
        block.write('w');
        assertEquals(List.of(name + "=w"), Blocks.fields(decoder, block.toByteArray()));
        assertEquals(List.of(name + "=w"), read("be"));
    }

    @Test
    void anEntryLargerThanTheTableEmptiesIt() {
        assertEquals(1, Blocks.fields(decoder, Blocks.indexed("a", "b")).size());
        assertEquals(1, Blocks.fields(decoder, Blocks.indexed("a", "b".repeat(5000))).size());
        assertNull(read("be"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "80", // index 0
        "be", // an entry that is not there
        "ff8080808080", // an integer that does not end
        "ffffffffff0f", // one beyond every index
        "3fe21f", // a table larger than allowed: 4097
        "8220", // a size behind a field
        "40", "4001", "400161", "40016105", "0005", // cut
        "0001618201", // not enough bytes of value
        "00016181fe", // Huffman: padding of zeros
        "00016182ffff", // Huffman: padding of more than seven bits
        "00016184ffffffff", // Huffman: the end-of-string symbol
        "7f", "0f", // index cut
    })
    void malformed(String hex) {
        assertNull(read(hex));
    }

    @Test
    void everyByteInHuffmanCode() {
        for (int symbol = 0; symbol < 256; symbol++) {
            String text = "" + (char) symbol;
            byte[] coded = huffman(text);
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes(new byte[] {0, 1, 'a', (byte) (0x80 | coded.length)});
            block.writeBytes(coded);
            assertEquals(List.of("a=" + text), Blocks.read(block.toByteArray()), "" + symbol);
        }
    }

    /** Some codes of RFC 7541 appendix B, of all lengths: the rest follows from the order. */
    @Test
    void codesOfTheAppendix() {
        assertEquals("07", HexFormat.of().formatHex(huffman("0")));
        assertEquals("1f", HexFormat.of().formatHex(huffman("a")));
        assertEquals("fffe1f", HexFormat.of().formatHex(huffman("\\")));
        assertEquals("fffffff3", HexFormat.of().formatHex(huffman("\n")));
        assertEquals("ffffffef", HexFormat.of().formatHex(huffman("\u00f9")));
        assertEquals("ffffb1", HexFormat.of().formatHex(huffman("\u0001")));
    }

    private static byte[] huffman(String text) {
        StringBuilder bits = new StringBuilder();
        for (char c : text.toCharArray()) {
            bits.append(code(c));
        }
        while (bits.length() % 8 != 0) {
            bits.append('1');
        }
        byte[] bytes = new byte[bits.length() / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(bits.substring(i * 8, i * 8 + 8), 2);
        }
        return bytes;
    }

    /** The canonical code of the lengths. */
    private static String code(int wanted) {
        int code = 0;
        for (int bits = 1; bits <= 30; bits++) {
            code <<= 1;
            for (int symbol = 0; symbol <= 256; symbol++) {
                if (Huffman.bits(symbol) == bits) {
                    if (symbol == wanted) {
                        String text = Integer.toBinaryString(code);
                        return "0".repeat(bits - text.length()) + text;
                    }
                    code++;
                }
            }
        }
        throw new AssertionError();
    }

    /** A long conversation whose table wraps many times, beside a table of objects. */
    @Test
    void theTableAgreesWithASimpleOne() {
        long seed = 20261126;
        Random random = new Random(seed);
        ArrayDeque<String> model = new ArrayDeque<>();
        int size = 0;
        for (int round = 0; round < 20_000; round++) {
            String name = "n" + random.nextInt(1000) + "x".repeat(random.nextInt(40));
            String value = "v".repeat(random.nextInt(round % 50 == 0 ? 3000 : 90)) + round;
            assertEquals(List.of(name + "=" + value),
                    Blocks.fields(decoder, Blocks.indexed(name, value)), "seed " + seed);
            model.addFirst(name + "=" + value);
            size += name.length() + value.length() + 32;
            while (size > 4096) {
                size -= model.removeLast().length() - 1 + 32;
            }
            List<String> all = new ArrayList<>(model);
            int pick = random.nextInt(all.size());
            ByteArrayOutputStream index = new ByteArrayOutputStream();
            int number = 62 + pick;
            if (number < 127) {
                index.write(0x80 | number);
            } else {
                index.write(0xff);
                index.write(number - 127);
            }
            assertEquals(List.of(all.get(pick)), Blocks.fields(decoder, index.toByteArray()),
                    "seed " + seed + " round " + round);
        }
        assertTrue(model.size() > 1);
    }

    /** Whatever the bytes, it ends, and says so. */
    @Test
    void anyBytes() {
        long seed = 77;
        Random random = new Random(seed);
        int good = 0;
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            HpackDecoder fresh = round % 64 == 0 ? new HpackDecoder(new HpackScratch()) : decoder;
            good += Blocks.fields(fresh, bytes) == null ? 0 : 1;
        }
        assertTrue(good > 0 && good < 50_000, "seed " + seed);
    }
}
