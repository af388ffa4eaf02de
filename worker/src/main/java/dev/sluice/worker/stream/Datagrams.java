package dev.sluice.worker.stream;

import dev.sluice.common.counters.CounterId;
import dev.sluice.worker.exchange.ClientAddress;
import dev.sluice.worker.linux.Libc;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The sessions of datagrams, found by the address of the client and the one that it has sent to.
 * Answers go out of a copy of the address's socket, which outlives the worker's listening.
 *
 * <p>Owner: event loop.
 */
final class Datagrams {

    /** No datagram is longer. */
    static final int BYTES_MAX = 64 * 1024;

    private static final long NS_PER_S = 1_000_000_000L;
    /** When the worker drains, late answers have so long. */
    private static final long DRAIN_NS = 5 * NS_PER_S;
    /** Datagrams of one socket in a turn; more are there in the next. */
    private static final int BATCH = 64;
    private static final int BUCKETS = 4096;
    private static final int AF_INET = 2;
    private static final int V4_NAME_BYTES = 16;

    final Streams streams;
    private final ByteBuffer memory = ByteBuffer.allocateDirect(BYTES_MAX);
    /** Where a datagram is on its way through. */
    final long address = MemorySegment.ofBuffer(memory).address();
    private final ByteBuffer name = ByteBuffer.allocateDirect(Libc.NAME_BYTES + Integer.BYTES)
            .order(ByteOrder.nativeOrder());
    private final long nameAddress = MemorySegment.ofBuffer(name).address();
    private final DatagramSession[] table = new DatagramSession[BUCKETS];
    private final List<DatagramSession> all = new ArrayList<>();
    /** By place of the listening address; 0 before the first session. */
    private final int[] replyFds;
    private long serial;
    private boolean draining;

    Datagrams(Streams streams, int listenCount) {
        this.streams = streams;
        this.replyFds = new int[listenCount];
    }

    int openCount() {
        return all.size();
    }

    DatagramSession at(int index) {
        return all.get(index);
    }

    /** Reads what has come to an address. */
    void receive(int fd, int listenIndex, StreamPlan plan) {
        for (int i = 0; i < BATCH; i++) {
            name.putInt(Libc.NAME_BYTES, Libc.NAME_BYTES);
            long length = Libc.receive(fd, address, BYTES_MAX, nameAddress,
                    nameAddress + Libc.NAME_BYTES);
            if (length < 0) {
                return;
            }
            DatagramSession session = find(listenIndex);
            if (session == null) {
                session = open(fd, listenIndex, plan);
            }
            if (session != null) {
                session.fromClient(address, (int) length);
            }
        }
    }

    private int nameLength() {
        return Math.min(Libc.NAME_BYTES, name.getInt(Libc.NAME_BYTES));
    }

    private int bucket(int listenIndex) {
        int hash = listenIndex;
        for (int i = 0; i < nameLength(); i++) {
            hash = hash * 31 + name.get(i);
        }
        hash ^= hash >>> 15;
        return hash * 0x9E3779B1 >>> 20 & BUCKETS - 1;
    }

    private DatagramSession find(int listenIndex) {
        DatagramSession at = table[bucket(listenIndex)];
        while (at != null && !isOf(at, listenIndex)) {
            at = at.next;
        }
        return at;
    }

    private boolean isOf(DatagramSession one, int listenIndex) {
        if (one.client.listenIndex() != listenIndex || one.name.length != nameLength()) {
            return false;
        }
        for (int i = 0; i < one.name.length; i++) {
            if (one.name[i] != name.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** @return null when there are too many, or no peer could be had */
    private DatagramSession open(int fd, int listenIndex, StreamPlan plan) {
        if (draining || all.size() >= plan.config.datagramSessionsMax()) {
            streams.ctx.counters.add(CounterId.STREAM_DATAGRAMS_DROPPED, 1);
            return null;
        }
        if (replyFds[listenIndex] == 0) {
            int copy = Libc.copy(fd);
            if (copy < 0) {
                streams.ctx.counters.add(CounterId.STREAM_DATAGRAMS_DROPPED, 1);
                return null;
            }
            replyFds[listenIndex] = copy;
        }
        byte[] of = new byte[nameLength()];
        name.get(0, of);
        int bucket = bucket(listenIndex);
        DatagramSession session =
                new DatagramSession(this, plan, of, replyFds[listenIndex], bucket);
        ByteBuffer b = ByteBuffer.wrap(of);
        boolean v4 = of.length <= V4_NAME_BYTES && name.getShort(0) == AF_INET;
        session.client.begin(v4 ? ClientAddress.IPV4 : ClientAddress.IPV6,
                v4 ? 0 : b.getLong(8), v4 ? b.getInt(4) & 0xffff_ffffL : b.getLong(16),
                b.getShort(2) & 0xffff, listenIndex, ++serial);
        session.next = table[bucket];
        table[bucket] = session;
        session.openIndex = all.size();
        all.add(session);
        streams.ctx.counters.add(CounterId.STREAM_SESSIONS, 1);
        streams.ctx.counters.add(CounterId.STREAM_SESSIONS_ACTIVE, 1);
        session.begin();
        return session.isEnded() ? null : session;
    }

    void ended(DatagramSession one) {
        DatagramSession last = all.removeLast();
        if (last != one) {
            all.set(one.openIndex, last);
            last.openIndex = one.openIndex;
        }
        unlink(one);
        streams.ctx.counters.add(CounterId.STREAM_SESSIONS_ACTIVE, -1);
        streams.datagramsEnded();
    }

    private void unlink(DatagramSession one) {
        DatagramSession at = table[one.bucket];
        if (at == one) {
            table[one.bucket] = one.next;
            return;
        }
        while (at.next != one) {
            at = at.next;
        }
        at.next = one.next;
    }

    /** Sends what is in the memory. @return bytes, or a negated error number */
    long send(int fd, int length, byte[] to) {
        name.put(0, to);
        return Libc.send(fd, address, length, nameAddress, to.length);
    }

    void drain() {
        draining = true;
        for (DatagramSession one : all) {
            one.hurry(DRAIN_NS);
        }
    }

    void cutAll() {
        while (!all.isEmpty()) {
            all.getLast().close();
        }
    }
}
