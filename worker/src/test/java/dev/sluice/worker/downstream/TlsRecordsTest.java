package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.tls.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The records that a client sees on the wire (RFC 8446 section 5.1). */
class TlsRecordsTest {

    private static final int HEADER_BYTES = 5;
    private static final int APPLICATION_DATA = 23;
    /** AES-GCM in TLS 1.2: 8 bytes of nonce, 16 of tag (RFC 5288). */
    private static final int OVERHEAD_BYTES = 24;

    @TempDir
    static Path folder;
    private static TestCertificates shown;

    @BeforeAll
    static void makeCertificate() throws Exception {
        shown = TestCertificates.make(folder, "a.test", "dns:a.test");
    }

    /** Remembers what comes. */
    private static final class Tapped extends Socket {
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    int b = super.read();
                    if (b >= 0) {
                        all.write(b);
                    }
                    return b;
                }

                @Override
                public int read(byte[] to, int offset, int length) throws IOException {
                    int count = super.read(to, offset, length);
                    if (count > 0) {
                        all.write(to, offset, count);
                    }
                    return count;
                }
            };
        }

        /** Plain bytes in each record with data. */
        private List<Integer> dataRecords() {
            List<Integer> sizes = new ArrayList<>();
            ByteBuffer bytes = ByteBuffer.wrap(all.toByteArray());
            for (int at = 0; at + HEADER_BYTES <= bytes.capacity();) {
                int length = Short.toUnsignedInt(bytes.getShort(at + 3));
                if (bytes.get(at) == APPLICATION_DATA) {
                    sizes.add(length - OVERHEAD_BYTES);
                }
                at += HEADER_BYTES + length;
            }
            return sizes;
        }
    }

    private static List<Integer> recordsOf(String path, String... http) throws Exception {
        LoadedConfig config = ConfigText.load("[http]", "ssl_protocols = TLSv1.2",
                "ssl_ciphers = ECDHE-ECDSA-AES128-GCM-SHA256", String.join("\n", http),
                "[server a]", "listen = 127.0.0.1:8443 ssl",
                "ssl_certificate = " + shown.certificate(), "ssl_certificate_key = " + shown.key());
        DownstreamHarness worker = new DownstreamHarness(DownstreamHarness.patientClient(), 10_000,
                64, config, EchoHandler::new);
        SSLContext context = shown.context(shown);
        Tapped tap = new Tapped();
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(
                worker.connect(tap), "a.test", 443, true)) {
            new DownstreamHarness.Client(socket).send("GET " + path + " HTTP/1.1\r\nHost: a.test"
                    + "\r\nConnection: close\r\n\r\n").readToEnd();
            return tap.dataRecords();
        } finally {
            worker.close();
        }
    }

    @Test
    void shouldBeginWithASegmentAndGrow() throws Exception {
        List<Integer> records = recordsOf("/big");
        int most = 0;
        for (int i = 0; i < records.size(); i++) {
            int limit = i < 40 ? 1369 : i < 80 ? 4229 : 16384;
            assertTrue(records.get(i) <= limit, "record " + i + " has " + records.get(i));
            most = Math.max(most, records.get(i));
        }
        assertEquals(16384, most);
        assertEquals(1369, records.get(1));
    }

    @Test
    void shouldBeFullFromTheBeginningWhenTheyAreNotToGrow() throws Exception {
        List<Integer> records = recordsOf("/big", "ssl_dyn_rec_enable = off");
        assertTrue(records.subList(0, 5).contains(16384), records.subList(0, 5).toString());
    }

    @Test
    void shouldPutASmallAnswerIntoOne() throws Exception {
        assertEquals(1, recordsOf("/hello").size());
    }
}
