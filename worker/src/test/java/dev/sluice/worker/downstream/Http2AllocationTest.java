package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.http2.Blocks;
import dev.sluice.worker.http2.FrameType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** Requests of HTTP/2 make no garbage on the loop: header blocks, frames, streams, windows. */
class Http2AllocationTest {

    private static final int STREAMS = 50;
    private static final int ROUND = 5_000;
    private static final int ROUNDS_MAX = 200;

    @Test
    void steadyPathAllocatesNothing() throws Exception {
        LoadedConfig config = ConfigText.load("[http]", "http2 = on", "slab_count = 512",
                "keepalive_requests = 1000000000", "http2_max_control_frames = 1000000",
                "[server a]", "listen = 127.0.0.1:8080");
        var harness = new DownstreamHarness(
                config.config().servers().getFirst().fallback().client(), 10_000, 512, config,
                ctx -> new FiveBytes());
        long loop = harness.onLoop(() -> Thread.currentThread().threadId());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Socket socket = harness.connect().socket) {
            var client = new Http2Client(socket);
            client.acknowledges = false;
            client.greet();
            client.until("SETTINGS ACK");
            // What a browser repeats with each request is in the table after the first one.
            client.frame(FrameType.HEADERS, FrameType.END_STREAM | FrameType.END_HEADERS, 1,
                    Blocks.indexed(Http2Client.request("GET", "/", "accept", "*/*",
                            "cookie", "a=b", "cookie", "c=d")));
            client.until("DATA 1 END");
            byte[] block = Blocks.hex("c4c3c2c1c0bfbe");
            long least = Long.MAX_VALUE;
            int stream = 3;
            for (int round = 0; round < ROUNDS_MAX && least >= ROUND; round++) {
                long before = threads.getThreadAllocatedBytes(loop);
                for (int i = 0; i < ROUND / STREAMS; i++) {
                    stream = batch(client, stream, block);
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(loop) - before);
            }
            long bytes = least;
            assertTrue(bytes < ROUND, () -> bytes + " bytes in " + ROUND + " requests");
            assertEquals(1, harness.onLoop(() -> harness.downstreams().openCount()));
        }
        harness.close();
    }

    /** Many requests at once, whose answers are read without making anything of them. */
    private static int batch(Http2Client client, int first, byte[] block) throws IOException {
        client.together();
        for (int i = 0; i < STREAMS; i++) {
            client.frame(FrameType.HEADERS, FrameType.END_STREAM | FrameType.END_HEADERS,
                    first + 2 * i, block);
        }
        client.number(FrameType.WINDOW_UPDATE, 0, 5 * STREAMS);
        client.flush();
        InputStream in = client.socket.getInputStream();
        int ended = 0;
        while (ended < STREAMS) {
            byte[] head = in.readNBytes(9);
            in.readNBytes((head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff);
            ended += head[3] == FrameType.DATA && (head[4] & FrameType.END_STREAM) != 0 ? 1 : 0;
        }
        return first + 2 * STREAMS;
    }
}
