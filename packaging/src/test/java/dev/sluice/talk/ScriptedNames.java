package dev.sluice.talk;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A name server on a loopback port, by UDP, that knows IPv4 addresses (RFC 1035 §4) and services
 * (RFC 2782). A name that it was not told of does not exist.
 */
final class ScriptedNames implements AutoCloseable {

    private static final int HEADER_BYTES = 12;
    private static final int TYPE_A = 1;
    private static final int TYPE_SRV = 33;
    private static final int NO_SUCH_NAME = 3;
    /** The name of the question, as an answer refers to it. */
    private static final int NAME_AT_12 = 0xc00c;

    /** One record of a service; the target is a name of this server. */
    record Service(int priority, int weight, int port, String target) {
    }

    private final DatagramSocket socket;
    private final Map<String, List<String>> addresses = new ConcurrentHashMap<>();
    private final Map<String, List<Service>> services = new ConcurrentHashMap<>();
    private final AtomicBoolean silent = new AtomicBoolean();

    ScriptedNames() throws IOException {
        socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofPlatform().daemon().name("names").start(this::serve);
    }

    /** As it is written in a configuration. */
    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** From now on the name has these addresses, for a second at a time. */
    void set(String name, String... all) {
        addresses.put(name, List.of(all));
    }

    /** From now on the name, such as _http._tcp.app.test, has these services. */
    void set(String name, Service... all) {
        services.put(name, List.of(all));
    }

    /** Answers nobody any longer. */
    void fallSilent() {
        silent.set(true);
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        while (true) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()));
                if (!silent.get()) {
                    socket.send(new DatagramPacket(
                            answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private byte[] answer(byte[] query) throws IOException {
        int end = HEADER_BYTES;
        StringBuilder name = new StringBuilder();
        for (int length = query[end]; length != 0; length = query[end]) {
            name.append(name.isEmpty() ? "" : ".").append(
                    new String(query, end + 1, length, StandardCharsets.US_ASCII));
            end += length + 1;
        }
        int type = query[end + 2];
        end += 5;
        List<byte[]> records = records(name.toString(), type);
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(query, 0, 2);
        out.writeShort(0x8180 | (records == null ? NO_SUCH_NAME : 0));
        out.writeShort(1);
        out.writeShort(records == null ? 0 : records.size());
        out.writeInt(0);
        out.write(query, HEADER_BYTES, end - HEADER_BYTES);
        for (byte[] data : records == null ? List.<byte[]>of() : records) {
            out.writeShort(NAME_AT_12);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(1);
            out.writeShort(data.length);
            out.write(data);
        }
        return bytes.toByteArray();
    }

    /** Contents of the records of this type; null when there is no such name. */
    private List<byte[]> records(String name, int type) throws IOException {
        List<byte[]> found = new ArrayList<>();
        if (type == TYPE_A) {
            for (String address : addresses.getOrDefault(name, List.of())) {
                found.add(InetAddress.ofLiteral(address).getAddress());
            }
        } else if (type == TYPE_SRV) {
            for (Service one : services.getOrDefault(name, List.of())) {
                found.add(service(one));
            }
        }
        boolean known = addresses.containsKey(name) || services.containsKey(name);
        return known ? found : null;
    }

    private static byte[] service(Service one) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeShort(one.priority);
        out.writeShort(one.weight);
        out.writeShort(one.port);
        for (String label : one.target.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label);
        }
        out.write(0);
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
