package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** A gigabyte passes in either direction and either framing while the worker's memory is flat. */
final class BigBodyIT {

    private static final long BYTES = 1L << 30;
    private static final byte[] PIECE = new byte[256 * 1024];

    @Test
    void downloadByContentLength() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.send("HTTP/1.1 200 OK\r\nContent-Length: " + BYTES + "\r\n\r\n");
                    for (long sent = 0; sent < BYTES; sent += PIECE.length) {
                        talk.out().write(PIECE);
                    }
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            var memory = new FlatMemory(sluice);
            client.get("/");
            assertEquals(Long.toString(BYTES), client.responseHead().field("Content-Length"));
            skip(client.in(), BYTES);
            memory.check();
        }
    }

    @Test
    void downloadByChunks() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readRequest();
                    talk.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    byte[] chunk = chunk(PIECE.length);
                    for (long sent = 0; sent < BYTES; sent += PIECE.length) {
                        talk.out().write(chunk);
                    }
                    talk.send("0\r\n\r\n");
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            var memory = new FlatMemory(sluice);
            client.get("/");
            assertEquals("chunked", client.responseHead().field("Transfer-Encoding"));
            assertEquals(BYTES, skipChunks(client.in()));
            memory.check();
        }
    }

    @Test
    void uploadByContentLength() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readHead();
                    assertEquals(Long.toString(BYTES), talk.field("Content-Length"));
                    skip(talk.in(), BYTES);
                    talk.answer(200, "got it");
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            var memory = new FlatMemory(sluice);
            client.request("PUT / HTTP/1.1", "Host: h", "Content-Length: " + BYTES);
            for (long sent = 0; sent < BYTES; sent += PIECE.length) {
                client.send(PIECE);
            }
            assertEquals("got it", client.response().text());
            memory.check();
        }
    }

    @Test
    void uploadByChunks() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    talk.readHead();
                    assertEquals("chunked", talk.field("Transfer-Encoding"));
                    talk.answer(200, "got " + skipChunks(talk.in()));
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.proxyTo(peer).start();
                var client = sluice.client()) {
            var memory = new FlatMemory(sluice);
            client.request("PUT / HTTP/1.1", "Host: h", "Transfer-Encoding: chunked");
            byte[] chunk = chunk(PIECE.length);
            for (long sent = 0; sent < BYTES; sent += PIECE.length) {
                client.send(chunk);
            }
            client.send("0\r\n\r\n");
            assertEquals("got " + BYTES, client.response().text());
            memory.check();
        }
    }

    private static byte[] chunk(int length) {
        byte[] size = (Integer.toHexString(length) + "\r\n").getBytes();
        byte[] chunk = new byte[size.length + length + 2];
        System.arraycopy(size, 0, chunk, 0, size.length);
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        return chunk;
    }

    static void skip(InputStream in, long length) throws IOException {
        byte[] dropped = new byte[PIECE.length];
        long left = length;
        while (left > 0) {
            int n = in.read(dropped, 0, (int) Math.min(left, dropped.length));
            assertTrue(n > 0, left + " bytes are missing");
            left -= n;
        }
    }

    private static long skipChunks(InputStream in) throws IOException {
        long total = 0;
        for (long size = Response.chunkSize(in); size > 0; size = Response.chunkSize(in)) {
            skip(in, size);
            assertEquals("", Response.line(in));
            total += size;
        }
        return total;
    }
}
