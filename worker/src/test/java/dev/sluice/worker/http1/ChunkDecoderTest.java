package dev.sluice.worker.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.ParseError;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The chunked coding (RFC 9112 §7.1). */
class ChunkDecoderTest {

    private static ParserTable table() {
        return new ParserTable((bytes, cuts) -> Feed.chunks(bytes, cuts, Feed.limits()));
    }

    @TestFactory
    Stream<DynamicTest> accepts() {
        return table()
                .row("empty", "0\r\n\r\n", "DONE '' rest=0")
                .row("one", "5\r\nhello\r\n0\r\n\r\n", "DONE 'hello' rest=0")
                .row("two", "5\r\nhello\r\n06\r\n world\r\n000\r\n\r\n",
                        "DONE 'hello world' rest=0")
                .row("hex", "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n",
                        "DONE '01234567890123456789a' rest=0")
                .row("data that looks like chunks", "7\r\n0\r\n\r\n1\r\r\n0\r\n\r\n",
                        "DONE '0\r\n\r\n1\r' rest=0")
                .row("not yet whole", "5\r\nhel", "MORE 'hel' rest=0")
                .row("fifteen digits", "00000000000000f\r\n0123456789abcde\r\n0\r\n\r\n",
                        "DONE '0123456789abcde' rest=0")
                .row("largest size", "fffffffffffffff\r\nhello", "MORE 'hello' rest=0")
                .row("extension", "5;a=b\r\nhello\r\n0;x;y=z\r\n\r\n", "DONE 'hello' rest=0")
                .row("quoted extension", "5;a=\"b;=\t\\\"\\\\ é\";c\r\nhello\r\n0\r\n\r\n",
                        "DONE 'hello' rest=0")
                .row("trailers", "0\r\nA: b\r\nGrpc-Status:\t0 \r\nE:\r\n\r\n",
                        "DONE '' [0 A=b] [0 Grpc-Status=0] [0 E=] rest=0")
                .row("forbidden trailers", "0\r\nHost: x\r\nContent-Length: 5\r\nA: b\r\n"
                                + "Authorization: x\r\nX-Forwarded-User: y\r\nX_A: b\r\n\r\n",
                        "DONE '' [0 A=b] rest=0")
                .row("etag travels", "0\r\nETag: \"a\"\r\n\r\n",
                        "DONE '' [" + HeaderName.ETAG + " ETag=\"a\"] rest=0")
                .tests();
    }

    @Test
    void leavesBytesBehindTheEnd() {
        byte[] bytes = Feed.latin1("1\r\na\r\n0\r\n\r\nGET / HTTP/1.1\r\n");
        assertEquals("DONE 'a' rest=16",
                Feed.chunks(bytes, Feed.whole(bytes.length), Feed.limits()));
    }

    @TestFactory
    Stream<DynamicTest> refuses() {
        String ext = "e".repeat(31);
        return table()
                .bad(ParseError.BAD_CHUNK_SIZE, "\r\n", "0x5\r\n", "+5\r\n", "-5\r\n", " 5\r\n",
                        "5 \r\n", "5\t\r\n", "5_0\r\n", "g\r\n", "5h\r\n", ";a\r\n", "\n",
                        "0000000000000005\r\n", "ffffffffffffffff\r\n", "10000000000000000\r\n",
                        "5 ;a\r\n", "5,\r\n", "\u00005\r\n", "1\r\na\r\n\r\n")
                .bad(ParseError.BARE_LF, "5\nhello", "5;a\nhello", "5;a=\"\nhello", "0\r\nA: b\n",
                        "0\r\nA\n", "0\r\n\n")
                .bad(ParseError.BARE_CR, "5\rhello", "5\r\r\n", "5;a\r\r\n", "0\r\n\rX",
                        "0\r\nA: b\rc\r\n")
                .bad(ParseError.BAD_CHUNK_END, "1\r\nab\r\n", "1\r\na\n", "1\r\na\r0\r\n\r\n",
                        "1\r\na\r\r", "1\r\na0\r\n\r\n")
                .bad(ParseError.BAD_CHUNK_EXTENSION, "5;\r\n", "5;;a\r\n", "5;a=\r\n", "5; a\r\n",
                        "5;a =b\r\n", "5;a= b\r\n", "5;a=\"b\r\nhello", "5;a=\"b\"c\r\n",
                        "5;=a\r\n",
                        "5;a=\"\u0000\"\r\n", "5;a=\"\\\r\n\"", "5;a\u007f\r\n", "5;a=b=c\r\n",
                        "5;é\r\n")
                .bad(ParseError.CHUNK_EXTENSION_TOO_LONG, "5;" + ext + "x\r\n",
                        "1;" + ext + "\r\na\r\n1;" + ext + "\r\na\r\n1;a\r\n")
                .row("extensions of exactly the limit",
                        "1;" + ext + "\r\na\r\n1;" + ext + "\r\nb\r\n0\r\n\r\n", "DONE 'ab' rest=0")
                .bad(ParseError.EMPTY_HEADER_NAME, "0\r\n: a\r\n")
                .bad(ParseError.OBSOLETE_FOLDING, "0\r\n A: b\r\n", "0\r\nA: b\r\n c\r\n")
                .bad(ParseError.SPACE_BEFORE_COLON, "0\r\nA : b\r\n")
                .bad(ParseError.HEADER_WITHOUT_COLON, "0\r\nA\r\n")
                .bad(ParseError.BAD_HEADER_NAME, "0\r\nA\u0000: b\r\n", "0\r\né: b\r\n")
                .bad(ParseError.BAD_HEADER_VALUE, "0\r\nA: \u0000\r\n", "0\r\nA: \u007f\r\n")
                .bad(ParseError.HEADER_NAME_TOO_LONG, "0\r\n" + "N".repeat(41) + ": b\r\n")
                .bad(ParseError.TOO_MANY_HEADERS, "0\r\n" + "A:\r\n".repeat(9))
                .bad(ParseError.TRAILERS_TOO_LARGE, "0\r\nA: " + "b".repeat(98))
                .tests();
    }

    @Test
    void decodesWhatWasEncodedHoweverItIsCut() {
        long seed = new Random().nextLong();
        System.out.println("ChunkDecoderTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder body = new StringBuilder();
            StringBuilder wire = new StringBuilder();
            for (int chunk = random.nextInt(6); chunk > 0; chunk--) {
                int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 5_000 : 40);
                StringBuilder data = new StringBuilder();
                for (int i = 0; i < length; i++) {
                    data.append((char) random.nextInt(256));
                }
                body.append(data);
                wire.append("0".repeat(random.nextInt(3))).append(Integer.toHexString(length));
                wire.append(random.nextInt(8) == 0 ? ";n=v" : "").append("\r\n");
                wire.append(data).append("\r\n");
            }
            wire.append("0\r\n\r\n");
            byte[] bytes = Feed.latin1(wire.toString());
            int step = 1 + random.nextInt(random.nextInt(4) == 0 ? 3 : 700);
            String expected = "DONE '" + body + "' rest=0";
            assertEquals(expected, Feed.chunks(bytes, at -> at + step, Feed.limits()));
        }
    }
}
