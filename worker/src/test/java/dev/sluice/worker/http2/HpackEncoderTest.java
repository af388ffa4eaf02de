package dev.sluice.worker.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.cache.rules.Heads;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Heads of answers as header blocks, read back by the decoder. */
final class HpackEncoderTest {

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(4096).order(ByteOrder.LITTLE_ENDIAN);

    private byte[] block(int status, String lines) {
        ByteSink out = new ByteSink().reset(memory, 0, 4096);
        HpackEncoder.noTable(out);
        HpackEncoder.status(out, status);
        byte[] text = lines.getBytes(StandardCharsets.ISO_8859_1);
        HpackEncoder.lines(out, Blocks.buffer(text), 0, text.length);
        byte[] block = new byte[out.position()];
        memory.get(0, block);
        return block;
    }

    @Test
    void linesBecomeFields() {
        assertEquals(List.of(":status=200", "server=sluice", "x-mixed-case=A: B",
                "content-length=12", "x-empty="),
                Blocks.read(block(200, "Server: sluice\r\nX-Mixed-Case: A: B\r\n"
                        + "Content-Length: 12\r\nX-Empty: \r\n")));
    }

    @Test
    void statuses() {
        for (int status = 200; status < 600; status++) {
            assertEquals(List.of(":status=" + status), Blocks.read(block(status, "")));
        }
    }

    @Test
    void rfc8297FieldsOfATable() {
        HeaderTable table = Heads.of("Link: </a>", "Connection: x", "X-Dropped: 1", "X-Kept: 2");
        table.drop(2);
        ByteBuffer memory = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        ByteSink out = new ByteSink().reset(memory, 0, 1000);
        HpackEncoder.status(out, 103);
        HpackEncoder.fields(out, table);
        byte[] block = new byte[out.position()];
        memory.get(0, block);
        assertEquals(List.of(":status=103", "link=</a>", "x-kept=2"), Blocks.read(block));
    }

    @Test
    void fieldsOfTheConnectionStayBehind() {
        assertEquals(List.of(":status=200", "a=b", "trailer=x"),
                Blocks.read(block(200, "Connection: close\r\na: b\r\nKeep-Alive: 5\r\n"
                        + "Transfer-Encoding: chunked\r\nUpgrade: h2c\r\nTrailer: x\r\n"
                        + "Proxy-Connection: close\r\n")));
    }

    @Test
    void longStrings() {
        for (int length : new int[] {126, 127, 128, 254, 255, 256, 2000}) {
            String text = "v".repeat(length);
            String name = "n".repeat(Math.min(length, 1000));
            assertEquals(List.of(":status=404", name + "=" + text),
                    Blocks.read(block(404, name + ": " + text + "\r\n")));
        }
    }

    @Test
    void cookiesAreNotToBeIndexed() {
        byte[] block = block(204, "Set-Cookie: a=b\r\n");
        assertEquals(0x1f, block[2], "never indexed, RFC 7541 §6.2.3");
        assertEquals(List.of(":status=204", "set-cookie=a=b"), Blocks.read(block));
    }
}
