package dev.sluice.talk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * A peer that does with each connection what its script says. The script runs on a thread of its
 * own per connection; what it asserts and misses fails the test when the upstream is closed.
 */
final class ScriptedUpstream implements AutoCloseable {

    /** What is done with one accepted connection. */
    interface Script {
        void play(UpstreamTalk talk) throws Exception;
    }

    private interface Acceptor extends AutoCloseable {
        UpstreamTalk accept() throws IOException;

        @Override
        void close() throws IOException;
    }

    private final Acceptor acceptor;
    private final int port;
    private final Script script;
    private final AtomicInteger connectionCount = new AtomicInteger();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<UpstreamTalk> talks = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();

    private ScriptedUpstream(Acceptor acceptor, int port, Script script) {
        this.acceptor = acceptor;
        this.port = port;
        this.script = script;
    }

    static ScriptedUpstream playing(Script script) throws IOException {
        return playing(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), script);
    }

    /** At an address of the loopback network that somebody else may have the port of, too. */
    static ScriptedUpstream playing(String address, int port, Script script) throws IOException {
        return playing(new ServerSocket(port, 128, InetAddress.ofLiteral(address)), script);
    }

    /** Speaks TLS with the certificate of the context; the script sees what was inside. */
    static ScriptedUpstream playing(SSLContext context, Script script) throws IOException {
        return playing(context.getServerSocketFactory()
                .createServerSocket(0, 128, InetAddress.getLoopbackAddress()), script);
    }

    private static ScriptedUpstream playing(ServerSocket server, Script script) {
        return new ScriptedUpstream(new Acceptor() {
            @Override
            public UpstreamTalk accept() throws IOException {
                return new UpstreamTalk(server.accept());
            }

            @Override
            public void close() throws IOException {
                server.close();
            }
        }, server.getLocalPort(), script).started();
    }

    static ScriptedUpstream playing(Path unixSocket, Script script) throws IOException {
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(unixSocket));
        return new ScriptedUpstream(new Acceptor() {
            @Override
            public UpstreamTalk accept() throws IOException {
                return new UpstreamTalk(server.accept());
            }

            @Override
            public void close() throws IOException {
                server.close();
            }
        }, 0, script).started();
    }

    /** Answers every request of every connection with 200 and this text, keeping alive. */
    static ScriptedUpstream answering(String text) throws IOException {
        return playing(talk -> {
            while (talk.readRequest()) {
                talk.answer(200, text);
            }
        });
    }

    private ScriptedUpstream started() {
        Thread.ofPlatform().daemon().name("upstream " + port).start(this::acceptAll);
        return this;
    }

    private void acceptAll() {
        while (true) {
            UpstreamTalk talk;
            try {
                talk = acceptor.accept();
            } catch (SocketException | AsynchronousCloseException closed) {
                return;
            } catch (IOException failed) {
                failures.add(failed);
                return;
            }
            connectionCount.incrementAndGet();
            talks.add(talk);
            talk.recordHeads(heads);
            Thread.ofPlatform().daemon().name("talk of " + port).start(() -> play(talk));
        }
    }

    private void play(UpstreamTalk talk) {
        try (talk) {
            script.play(talk);
        } catch (IOException gone) {
            // The proxy may close at any time; a test that minds looks at what it received.
            talk.ended(gone);
        } catch (Throwable failed) {
            failures.add(failed);
        }
    }

    int port() {
        return port;
    }

    /** As it is written in a configuration. */
    String address() {
        return "127.0.0.1:" + port;
    }

    int connectionCount() {
        return connectionCount.get();
    }

    /** Every request head received so far, on all connections. */
    List<String> heads() {
        return List.copyOf(heads);
    }

    int requestCount() {
        return heads.size();
    }

    @Override
    public void close() throws IOException {
        acceptor.close();
        for (UpstreamTalk talk : talks) {
            talk.close();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("upstream script failed", failures.peek());
        }
    }
}
