package dev.sluice.worker.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.worker.arena.ByteSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single frames: what may be, what may not, and each cut at every byte. */
final class FrameTest {

    private static String look(byte[] bytes, int end) {
        ByteBuffer b = Blocks.buffer(bytes);
        Frame frame = new Frame();
        int next = frame.next(b, 0, end);
        return switch (next) {
            case Frame.NEED_MORE -> "more";
            case Frame.BAD -> ErrorCode.name(frame.error) + (frame.streamOnly ? " stream" : "");
            default -> frame.type + " " + frame.stream + " " + frame.from + ".." + frame.to
                    + " of " + next;
        };
    }

    @ParameterizedTest
    @CsvSource({
        // DATA: plain, padded, empty, of nothing but padding
        "000003 00 00 00000001 616263, 0 1 9..12 of 12",
        "000006 00 08 00000001 02 616263 0000, 0 1 10..13 of 15",
        "000000 00 01 00000001, 0 1 9..9 of 9",
        "000003 00 08 00000001 02 0000, 0 1 10..10 of 12",
        "000003 00 08 00000001 03 0000, PROTOCOL_ERROR",
        "000000 00 08 00000001, PROTOCOL_ERROR",
        "000001 00 00 00000000 61, PROTOCOL_ERROR",
        // the reserved bit is ignored
        "000001 00 00 80000003 61, 0 3 9..10 of 10",
        // HEADERS: plain, with priority, padded, both
        "000001 01 04 00000001 82, 1 1 9..10 of 10",
        "000006 01 24 00000001 00000000 10 82, 1 1 14..15 of 15",
        "000009 01 2c 00000001 02 00000000 10 82 0000, 1 1 15..16 of 18",
        "000004 01 24 00000001 00000000, PROTOCOL_ERROR",
        "000006 01 2c 00000001 01 00000000 10, PROTOCOL_ERROR",
        "000001 01 04 00000000 82, PROTOCOL_ERROR",
        "000005 02 00 00000001 0000000010, 2 1 9..14 of 14",
        "000004 02 00 00000001 00000000, FRAME_SIZE_ERROR stream",
        "000005 02 00 00000000 0000000010, PROTOCOL_ERROR",
        "000004 03 00 00000001 00000008, 3 1 9..13 of 13",
        "000003 03 00 00000001 000000, FRAME_SIZE_ERROR",
        "000004 03 00 00000000 00000008, PROTOCOL_ERROR",
        "000006 04 00 00000000 000300000064, 4 0 9..15 of 15",
        "000000 04 01 00000000, 4 0 9..9 of 9",
        "000006 04 01 00000000 000300000064, FRAME_SIZE_ERROR",
        "000005 04 00 00000000 0003000000, FRAME_SIZE_ERROR",
        "000000 04 00 00000001, PROTOCOL_ERROR",
        "000008 06 00 00000000 0102030405060708, 6 0 9..17 of 17",
        "000007 06 00 00000000 01020304050607, FRAME_SIZE_ERROR",
        "000008 06 00 00000001 0102030405060708, PROTOCOL_ERROR",
        "000008 07 00 00000000 0000000000000000, 7 0 9..17 of 17",
        "000007 07 00 00000000 00000000000000, FRAME_SIZE_ERROR",
        "000008 07 00 00000001 0000000000000000, PROTOCOL_ERROR",
        "000004 08 00 00000000 00000001, 8 0 9..13 of 13",
        "000005 08 00 00000000 0000000100, FRAME_SIZE_ERROR",
        "000001 09 04 00000001 82, 9 1 9..10 of 10",
        "000001 09 04 00000000 82, PROTOCOL_ERROR",
        // an unknown type is no error
        "000001 63 ff 00000000 82, 99 0 9..10 of 10",
        "004001 00 00 00000001, FRAME_SIZE_ERROR",
        "ffffff 63 00 00000001, FRAME_SIZE_ERROR",
    })
    void oneFrame(String hex, String expected) {
        byte[] bytes = Blocks.hex(hex);
        assertEquals(expected, look(bytes, bytes.length));
        for (int cut = 0; cut < bytes.length; cut++) {
            String seen = look(bytes, cut);
            if (!seen.equals("more")) {
                // An error may be seen before the end; nothing else may.
                assertEquals(expected, seen, "cut at " + cut);
                assertEquals(true, cut >= Frame.HEAD_BYTES, "cut at " + cut);
            }
        }
    }

    @Test
    void whatIsWritten() {
        ByteBuffer b = ByteBuffer.allocateDirect(256).order(ByteOrder.LITTLE_ENDIAN);
        ByteSink out = new ByteSink().reset(b, 0, 256);
        FrameWriter.settings(out, 100, 65_535, 32_768);
        FrameWriter.settingsAck(out);
        FrameWriter.pingAck(out, Blocks.buffer(Blocks.hex("0102030405060708")), 0);
        FrameWriter.resetStream(out, 5, ErrorCode.CANCEL);
        FrameWriter.windowUpdate(out, 0, 0x01020304);
        FrameWriter.goAway(out, Integer.MAX_VALUE, ErrorCode.NO_ERROR);
        byte[] written = new byte[out.position()];
        b.get(0, written);
        assertEquals("000018040000000000" + "000300000064" + "00040000ffff" + "000600008000"
                + "000800000001"
                + "000000040100000000"
                + "0000080601000000000102030405060708"
                + "00000403000000000500000008"
                + "00000408000000000001020304"
                + "0000080700000000007fffffff00000000",
                HexFormat.of().formatHex(written));
    }

    @ParameterizedTest
    @CsvSource({
        "000400000000, NO_ERROR, 0",
        "00047fffffff, NO_ERROR, 2147483647",
        "000480000000, FLOW_CONTROL_ERROR, 65535",
        "000200000000, NO_ERROR, 65535",
        "000200000002, PROTOCOL_ERROR, 65535",
        "000500004000, NO_ERROR, 65535",
        "000500003fff, PROTOCOL_ERROR, 65535",
        "000501000000, PROTOCOL_ERROR, 65535",
        "000500ffffff, NO_ERROR, 65535",
        "000600000001, NO_ERROR, 65535",
        "abcdffffffff, NO_ERROR, 65535",
        "000400000010 000400000020, NO_ERROR, 32",
    })
    void settings(String hex, String error, int window) {
        byte[] bytes = Blocks.hex(hex);
        Settings settings = new Settings();
        assertEquals(error,
                ErrorCode.name(settings.apply(Blocks.buffer(bytes), 0, bytes.length, true)));
        assertEquals(window, settings.initialWindow);
    }
}
