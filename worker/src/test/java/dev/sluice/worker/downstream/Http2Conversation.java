package dev.sluice.worker.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.config.ConfigText;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;

/** A connection of HTTP/2 on a real loop, without TLS, that leaves nothing behind. */
class Http2Conversation {

    DownstreamHarness harness;
    EchoHandler handler;

    final Http2Client start(String... http) throws IOException {
        LoadedConfig config = ConfigText.load("[http]", "http2 = on", "slab_count = 512",
                String.join("\n", http), "[server a]", "listen = 127.0.0.1:8080");
        harness = new DownstreamHarness(config.config().servers().getFirst().fallback().client(),
                10_000, 512, config, ctx -> {
                    handler = new EchoHandler(ctx);
                    return handler;
                });
        return connect();
    }

    final Http2Client connect() throws IOException {
        return new Http2Client(harness.connect().socket);
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        harness.onLoop(() -> {
            harness.downstreams().drain(1, true, () -> { });
            return null;
        });
        for (int i = 0; i < 500 && slabs() > 0; i++) {
            Thread.onSpinWait();
        }
        while (harness.onLoop(() -> harness.downstreams().openCount()) > 0) {
            Thread.onSpinWait();
        }
        assertEquals(0, slabs(), "slabs are lent");
        assertEquals(0, harness.onLoop(() -> harness.downstreams().load()).intValue());
        harness.close();
    }

    final int slabs() {
        return harness.onLoop(() -> harness.ctx.slabs.lentCount());
    }
}
