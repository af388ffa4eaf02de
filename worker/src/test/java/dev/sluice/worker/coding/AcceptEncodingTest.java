package dev.sluice.worker.coding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http1.ParseLimits;
import dev.sluice.worker.http1.RequestParser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client gets by its Accept-Encoding: RFC 9110 section 12.5.3. */
final class AcceptEncodingTest {

    private static final int ALL =
            Coding.ZSTD.bit() | Coding.BROTLI.bit() | Coding.GZIP.bit();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gzip                              | GZIP
            x-gzip                            | GZIP
            GZip                              | GZIP
            gzip, deflate, br, zstd           | ZSTD
            gzip, deflate, br                 | BROTLI
            zstd;q=0.5, br;q=0.9, gzip;q=0.1  | BROTLI
            zstd;q=0.500,br;q=0.50,gzip;q=1.0 | GZIP
            gzip ; q=1 , br ; Q=1             | BROTLI
            *                                 | ZSTD
            *, zstd;q=0                       | BROTLI
            zstd;q=0, *                       | BROTLI
            *;q=0, gzip                       | GZIP
            gzip;q=0                          | none
            *;q=0                             | none
            identity;q=0                      | none
            identity, gzip;q=0.5              | none
            identity;q=0.5, gzip;q=0.5        | GZIP
            identity;q=0.2, gzip;q=0.5        | GZIP
            identity                          | none
            deflate                           | none
            gzip;q=0.001                      | GZIP
            gzip;q=0.0001                     | none
            gzip;q=1.001                      | none
            gzip;q=2                          | none
            gzip;q=                           | none
            gzip;q=.5                         | none
            gzip;q=0.5;x=1                    | none
            gzip;level=9                      | none
            gzipped                           | none
            ,,gzip,,                          | GZIP
            gzip br                           | none
            """)
    void chooses(String field, String coding) {
        assertEquals(coding, name(accepted(field).choose(ALL)), field);
    }

    @Test
    void withoutTheFieldABodyStaysAsItIs() {
        assertEquals("none", name(accepted().choose(ALL)));
    }

    @Test
    void severalFieldsAreOneList() {
        assertEquals("BROTLI", name(accepted("gzip;q=0.5", "br", "zstd;q=0").choose(ALL)));
    }

    @Test
    void onlyWhatIsOfferedIsChosen() {
        AcceptEncoding accepted = accepted("gzip, br, zstd");
        assertEquals("GZIP", name(accepted.choose(Coding.GZIP.bit())));
        assertEquals("none", name(accepted.choose(0)));
    }

    @Test
    void aStarTakesWhatIsNotNamed() {
        AcceptEncoding accepted = accepted("gzip;q=0, *;q=0.3");
        assertEquals(false, accepted.accepts(Coding.GZIP));
        assertEquals(true, accepted.accepts(Coding.BROTLI));
    }

    private static String name(Coding coding) {
        return coding == null ? "none" : coding.name();
    }

    private static AcceptEncoding accepted(String... fields) {
        StringBuilder text = new StringBuilder("GET / HTTP/1.1\r\nHost: www\r\n");
        for (String field : fields) {
            text.append("Accept-Encoding: ").append(field).append("\r\n");
        }
        byte[] bytes = text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer b = ByteBuffer.allocateDirect(4096).order(ByteOrder.LITTLE_ENDIAN);
        b.put(0, bytes);
        RequestHead head = new RequestHead(100);
        RequestParser parser = new RequestParser(ParseLimits.defaults());
        parser.reset(0);
        head.reset(b);
        assertEquals(bytes.length, parser.parse(head, b, bytes.length));
        return new AcceptEncoding().read(head.headers);
    }
}
