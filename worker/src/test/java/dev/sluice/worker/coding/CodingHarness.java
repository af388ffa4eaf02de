package dev.sluice.worker.coding;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.config.ConfigText;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.RecordingStream;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Offload;
import dev.sluice.worker.loop.SideThread;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A loop with codings, a client, and a handler that gives what a test tells it to. */
final class CodingHarness implements AutoCloseable {

    /** How pieces of a body are given. */
    enum Way { COPY, LEND, FILE }

    static final int FORM_BYTES = 1 << 20;
    /** Where a body begins in its file. */
    private static final int FILE_AT = 100;

    final EventLoop loop = new EventLoop("coding", SystemClock.INSTANCE, () -> { });
    final LoopContext ctx;
    final Codings codings;
    final RecordingStream client;
    final Gate gate;
    private List<byte[]> pieces = List.of();
    private Way way = Way.COPY;
    private int piece;
    private int pieceAt;
    private boolean lent;
    private boolean endGiven;
    /** Bytes that a file has less than it is said to have. */
    int missing;
    /** Of what is given as a file; 0 when there is none. */
    private int fd;
    /** What bodies are said to be the same by; 0 when nothing is said. */
    long serial;
    /** Given back by the client before this is used again. */
    private final ByteBuffer memory = ByteBuffer.allocateDirect(1 << 18);

    CodingHarness(int activeMax, String... keys) {
        this(new SideThread(activeMax), activeMax, keys);
    }

    /** @param side what works beside the loop */
    CodingHarness(Offload side, int activeMax, String... keys) {
        ctx = new LoopContext(loop, new SlabPool(4), CounterWriter.inMemory(1, 0),
                ErrorLog.NONE, 0, 1);
        WorkerScope scope = WorkerScope.ofThisProcess();
        codings = new Codings(ctx, side, activeMax, FORM_BYTES,
                text -> Template.compile(text, scope));
        LocationConfig location = ConfigText.location("/", keys);
        gate = location.coding() == null ? x -> Gate.Outcome.PASS
                : codings.gateFor(location.coding());
        client = new RecordingStream(ctx, null);
        loop.start();
    }

    @Override
    public void close() {
        closeFile();
        loop.stop();
    }

    <T> T onLoop(Callable<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                done.complete(task.call());
            } catch (Throwable t) {
                done.completeExceptionally(t);
            }
        });
        return done.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** An answer with these lines in its head, whole; the client takes what comes. */
    RecordingStream answer(String request, int status, List<String> head, long length,
            Way giving, List<byte[]> body) {
        onLoop(() -> {
            begin(request, status, head, length, giving, body);
            return null;
        });
        while (!onLoop(this::step)) {
            Thread.onSpinWait();
        }
        return client;
    }

    RecordingStream get(String acceptEncoding, String type, byte[] body) {
        return answer("GET / HTTP/1.1\nHost: www" + (acceptEncoding == null ? ""
                : "\nAccept-Encoding: " + acceptEncoding), 200, List.of("Content-Type: " + type),
                body.length, Way.COPY, List.of(body));
    }

    void begin(String request, int status, List<String> head, long length, Way giving,
            List<byte[]> body) {
        Exchange x = client.request(request);
        gate.enter(x);
        x.responder = responder();
        pieces = body;
        way = giving;
        piece = 0;
        pieceAt = 0;
        lent = false;
        endGiven = false;
        x.client.beginHead(status);
        if (serial != 0) {
            x.client.sameBody(serial);
        }
        for (String line : head) {
            int colon = line.indexOf(": ");
            x.client.header(line.substring(0, colon).getBytes(StandardCharsets.ISO_8859_1),
                    line.substring(colon + 2).getBytes(StandardCharsets.ISO_8859_1));
        }
        x.client.endHead(length);
    }

    /** The next piece is given, or the client takes what there is. @return at the end */
    boolean step() {
        Exchange x = client.exchange;
        if (client.ended()) {
            x.end();
            return true;
        }
        if (client.aborted() != null) {
            return true;
        }
        client.drain();
        if (!client.ended() && !lent && !endGiven) {
            give(x);
        }
        return false;
    }

    private void give(Exchange x) {
        if (piece == pieces.size()) {
            endGiven = true;
            x.client.endResponse();
            return;
        }
        byte[] all = pieces.get(piece);
        int length = all.length - pieceAt;
        if (way == Way.LEND && length > 0) {
            memory.put(ClientStream.LENT_BEFORE, all, pieceAt, length);
            lent = true;
            pieceAt = all.length;
            x.client.writeLent(memory, 0, ClientStream.LENT_BEFORE, length);
        } else if (way == Way.FILE && length > 0) {
            fd = fileOf(Arrays.copyOf(all, all.length - missing));
            lent = true;
            pieceAt = all.length;
            x.client.writeFile(fd, FILE_AT, length);
        } else {
            memory.put(0, all, pieceAt, length);
            pieceAt += x.client.writeCopy(memory, 0, length);
            // What was copied may be overwritten at once.
            memory.put(0, new byte[length]);
        }
        if (pieceAt == all.length) {
            piece++;
            pieceAt = 0;
        }
        if (way == Way.FILE && piece == pieces.size()) {
            // As a handler of files does, which has nothing to wait for.
            endGiven = true;
            x.client.endResponse();
        }
    }

    private static int fileOf(byte[] content) {
        try {
            Path file = Files.createTempFile("coding", "");
            Files.write(file, new byte[FILE_AT]);
            Files.write(file, content, StandardOpenOption.APPEND);
            int opened;
            try (Arena arena = Arena.ofConfined()) {
                opened = Libc.open(arena.allocateFrom(file.toString()).address(),
                        Libc.O_RDONLY | Libc.O_CLOEXEC);
            }
            Files.delete(file);
            assert opened > 0 : opened;
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void closeFile() {
        if (fd > 0) {
            Libc.close(fd);
            fd = 0;
        }
    }

    private Responder responder() {
        return new Responder() {
            @Override
            public void onRequestBodyReadable(Exchange x) {
                // There is none.
            }

            @Override
            public void onClientWritable(Exchange x) {
                closeFile();
                if (lent) {
                    byte[] zeros = new byte[memory.capacity()];
                    memory.put(0, zeros);
                }
                lent = false;
            }

            @Override
            public void onClientGone(Exchange x) {
                closeFile();
                endGiven = true;
            }
        };
    }

    static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] text(int length) {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) "all of this is text, more or less. ".charAt(i % 35);
        }
        return text;
    }
}
