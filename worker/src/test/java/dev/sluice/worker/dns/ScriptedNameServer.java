package dev.sluice.worker.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A name server on a loopback port, by UDP and TCP, that says what a test has it say. */
public final class ScriptedNameServer implements AutoCloseable {

    /** What is wrong with its datagrams. */
    public enum Fault { NONE, SILENT, GARBAGE, WRONG_QUESTION, TRUNCATED, SERVFAIL }

    private record Record(String owner, int type, int ttlS, byte[] data) {}

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final DatagramSocket datagrams;
    private final ServerSocket listener;
    private final Map<String, List<Record>> records = new ConcurrentHashMap<>();
    /** Each question, as "name type" with "tcp " before those by TCP. */
    public final List<String> asked = new CopyOnWriteArrayList<>();
    public volatile Fault fault = Fault.NONE;

    public ScriptedNameServer() throws IOException {
        listener = new ServerSocket(0, 50, LOOPBACK);
        datagrams = new DatagramSocket(listener.getLocalPort(), LOOPBACK);
        Thread.ofPlatform().daemon().start(this::serveDatagrams);
        Thread.ofPlatform().daemon().start(this::serveConnections);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(LOOPBACK, listener.getLocalPort());
    }

    /** No answer by TCP any longer. */
    public void stopListening() throws IOException {
        listener.close();
    }

    /** Answers A or AAAA questions for the name by these; by NXDOMAIN when there is nothing. */
    public void set(String name, int ttlS, String... addresses) {
        for (int type : new int[] {1, 28}) {
            List<Record> all = new ArrayList<>();
            for (String one : addresses) {
                byte[] data = InetAddress.ofLiteral(one).getAddress();
                if (data.length == (type == 1 ? 4 : 16)) {
                    all.add(new Record(name, type, ttlS, data));
                }
            }
            put(name, type, addresses.length == 0 ? null : all);
        }
    }

    /** Adds a line "priority weight port target" to the service's records. */
    public void addService(String name, int ttlS, String line) {
        String[] words = line.split(" ");
        var data = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            data.write(Integer.parseInt(words[i]) >> 8);
            data.write(Integer.parseInt(words[i]));
        }
        data.writeBytes(wire(words[3]));
        add(name, 33, new Record(name, 33, ttlS, data.toByteArray()));
    }

    /** An alias in the answer for a name and type; further records of that answer may follow. */
    public void addAlias(String asked, int type, String owner, String target, int ttlS) {
        add(asked, type, new Record(owner, 5, ttlS, wire(target)));
    }

    /** Any address record in the answer for a name. */
    public void addAddress(String asked, String owner, String address, int ttlS) {
        byte[] data = InetAddress.ofLiteral(address).getAddress();
        int type = data.length == 4 ? 1 : 28;
        add(asked, type, new Record(owner, type, ttlS, data));
    }

    private void add(String name, int type, Record record) {
        List<Record> all = new ArrayList<>(records.getOrDefault(name + " " + type, List.of()));
        all.add(record);
        put(name, type, all);
    }

    private void put(String name, int type, List<Record> all) {
        if (all == null) {
            records.remove(name + " " + type);
        } else {
            records.put(name + " " + type, all);
        }
    }

    private void serveDatagrams() {
        byte[] buffer = new byte[4096];
        while (!datagrams.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                datagrams.receive(packet);
                byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()), false);
                if (answer != null) {
                    datagrams.send(new DatagramPacket(
                            answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serveConnections() {
        while (true) {
            try (Socket one = listener.accept()) {
                var in = new DataInputStream(one.getInputStream());
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                byte[] answer = answer(query, true);
                var out = new DataOutputStream(one.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
                in.read();
            } catch (IOException e) {
                if (listener.isClosed()) {
                    return;
                }
            }
        }
    }

    private byte[] answer(byte[] query, boolean tcp) throws IOException {
        int end = 12;
        StringBuilder name = new StringBuilder();
        while (query[end] != 0) {
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(query, end + 1, query[end], "ISO-8859-1"));
            end += query[end] + 1;
        }
        int type = (query[end + 1] & 0xff) << 8 | query[end + 2] & 0xff;
        end += 5;
        asked.add((tcp ? "tcp " : "") + name + " " + type);
        Fault now = tcp ? Fault.NONE : fault;
        if (now == Fault.SILENT) {
            return null;
        }
        if (now == Fault.GARBAGE) {
            return Arrays.copyOf(query, 5);
        }
        List<Record> found = records.get(name + " " + type);
        int code = now == Fault.SERVFAIL ? 2 : found == null ? 3 : 0;
        boolean cut = now == Fault.TRUNCATED;
        List<Record> sent = found == null || code != 0 || cut ? List.of() : found;
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(query, 0, 2);
        out.writeShort(0x8180 | (cut ? 0x200 : 0) | code);
        out.writeShort(1);
        out.writeShort(sent.size());
        out.writeInt(0);
        if (now == Fault.WRONG_QUESTION) {
            query[13] ^= 1;
        }
        out.write(query, 12, end - 12);
        for (Record record : sent) {
            out.write(wire(record.owner));
            out.writeShort(record.type);
            out.writeShort(1);
            out.writeInt(record.ttlS);
            out.writeShort(record.data.length);
            out.write(record.data);
        }
        return bytes.toByteArray();
    }

    private static byte[] wire(String name) {
        var bytes = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            if (!label.isEmpty()) {
                bytes.write(label.length());
                bytes.writeBytes(label.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        bytes.write(0);
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        datagrams.close();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
