package dev.sluice.master.listen;

import dev.sluice.common.config.ListenConfig;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All listening sockets of this master. Owner: master loop.
 *
 * <pre>
 *               slot 0   slot 1   slot 2        workers 3 → 2: the sockets stay; worker 0 of the
 *  0.0.0.0:80   fd 21    fd 22    fd 23         new generation is given slots 0 and 2, worker 1
 *  [::]:80      fd 24    fd 25    fd 26         slot 1. 2 → 3: slot 2 has its own worker again.
 *  unix:/x      fd 27 (one for all slots)
 * </pre>
 *
 * A change is prepared (new sockets are bound), and then either committed (they listen, and those
 * of removed addresses are closed) or rolled back (they are closed, nothing else was touched).
 */
public final class ListenTable {

    /** One address and its sockets by slot; a unix address has exactly one. */
    private static final class Address {
        private ListenConfig config;
        private final List<Socket> sockets = new ArrayList<>();
        /** How many of them, from the first one, a committed change has made listen. */
        private int committed;
        private int port;

        private Address(ListenConfig config) {
            this.config = config;
            this.port = config.port();
        }

        private void adopt(List<Socket> handedDown) {
            sockets.addAll(handedDown);
            if (!unix() && port == 0 && !sockets.isEmpty()) {
                port = sockets.getFirst().localAddress().getPort();
            }
        }

        private boolean unix() {
            return config.unixPath() != null;
        }
    }

    /** A listening socket to hand down: the key of its address, and its number in this process. */
    public record Copy(String key, int fd) {}

    static {
        // Loads the native library, which the socket classes alone do not do.
        Epoll.ensureAvailability();
    }

    /** Loads what sockets need now, so that nobody waits for it later. Any thread. */
    public static void prepare() {
        assert Epoll.isAvailable();
    }

    private final Map<String, Address> addresses = new LinkedHashMap<>();
    private final KeptSockets kept;
    private Map<String, ListenConfig> prepared;

    /** How many sockets each address has; grows with the worker count and never shrinks. */
    private int slots;

    /** Nothing was left by a predecessor. */
    public ListenTable() {
        this(KeptSockets.none());
    }

    public ListenTable(KeptSockets kept) {
        this.kept = kept;
    }

    /**
     * Binds what is missing for these addresses and this many workers.
     *
     * @throws ListenFailure an address cannot be had; {@link #rollBack} is to follow
     * @throws IOException there are no sockets any more; the same is to follow
     */
    public void prepare(List<ListenConfig> wanted, int workers) throws IOException {
        assert prepared == null : "one change at a time";
        prepared = new LinkedHashMap<>();
        for (ListenConfig listen : wanted) {
            prepared.put(listen.key(), listen);
        }
        int slotsWanted = Math.max(slots, workers);
        for (ListenConfig listen : wanted) {
            Address address = addresses.get(listen.key());
            if (address == null) {
                address = new Address(listen);
                address.adopt(kept.take(listen.key()));
                if (listen.unixPath() == null && address.sockets.isEmpty()) {
                    if (!listen.udp()) {
                        address.sockets.addAll(
                                kept.take(ListenSocket.address(listen, listen.port())));
                    }
                    if (address.sockets.isEmpty() && !ownPort(listen.port())) {
                        ListenSocket.probe(listen);
                    }
                }
                addresses.put(listen.key(), address);
            }
            bindMissing(address, slotsWanted);
        }
    }

    /**
     * Whether the port needs no probe: the kernel is to choose it, or an address of this master has
     * it already, as when 0.0.0.0:80 becomes 127.0.0.1:80, and would be taken for a stranger's.
     */
    private boolean ownPort(int port) {
        return port == 0 || addresses.values().stream().anyMatch(a -> a.port == port);
    }

    private static void bindMissing(Address address, int slotsWanted) throws IOException {
        if (address.unix()) {
            if (address.sockets.isEmpty()) {
                address.sockets.add(ListenSocket.bindUnix(address.config));
            }
            return;
        }
        while (address.sockets.size() < slotsWanted) {
            Socket socket = ListenSocket.bindInet(address.config, address.port);
            address.sockets.add(socket);
            if (address.port == 0) {
                address.port = socket.localAddress().getPort();
            }
        }
    }

    /** Undoes {@link #prepare}, also one that threw: what is not committed is closed. */
    public void rollBack() {
        prepared = null;
        addresses.values().removeIf(
                address -> {
                    boolean bound = false;
                    while (address.sockets.size() > address.committed) {
                        Socket socket = address.sockets.removeLast();
                        if (!kept.giveBack(socket)) {
                            bound = true;
                            close(socket);
                        }
                    }
                    // Only a path that was bound here: another process, or the master before
                    // this one, owns the one that was not.
                    if (bound && address.sockets.isEmpty() && address.unix()) {
                        unlink(address);
                    }
                    return address.sockets.isEmpty();
                });
    }

    /**
     * Everything prepared begins to listen. The workers that will serve it stand ready.
     *
     * @throws ListenFailure the kernel refused; the caller rolls back
     */
    public void listenPrepared() throws ListenFailure {
        assert prepared != null;
        for (Address address : addresses.values()) {
            ListenConfig config = prepared.get(address.config.key());
            if (config == null) {
                continue;
            }
            // Also for those that listen already: it takes over a changed backlog.
            for (Socket socket : address.sockets) {
                ListenSocket.listen(socket, config);
            }
        }
    }

    /**
     * Ends the change: the master's copies of removed addresses are closed. The kernel keeps such a
     * socket until the worker that still holds a copy has emptied its queue and closed that too.
     *
     * @return keys of the removed addresses
     */
    public List<String> commit() {
        assert prepared != null;
        List<String> removed = new ArrayList<>();
        addresses.values().removeIf(
                address -> {
                    ListenConfig config = prepared.get(address.config.key());
                    if (config != null) {
                        address.config = config;
                        address.committed = address.sockets.size();
                        slots = Math.max(slots, address.unix() ? 0 : address.sockets.size());
                        return false;
                    }
                    removed.add(address.config.key());
                    closeAll(address);
                    return true;
                });
        prepared = null;
        kept.closeRest();
        return removed;
    }

    /** What a new master is to take over: numbers of the sockets that listen, by key. */
    public Map<String, List<Integer>> all() {
        Map<String, List<Integer>> all = new LinkedHashMap<>();
        addresses.forEach((key, address) -> all.put(key,
                address.sockets.subList(0, address.committed).stream()
                        .map(Socket::intValue).toList()));
        return all;
    }

    /**
     * Closes this master's copies: another one has its own. The paths of those stay.
     *
     * @param keys the addresses that the other one serves
     * @return keys of those that nobody serves any more
     */
    public List<String> handOver(Set<String> keys) {
        List<String> removed = new ArrayList<>();
        addresses.forEach((key, address) -> {
            if (keys.contains(key)) {
                address.sockets.forEach(ListenTable::close);
            } else {
                removed.add(key);
                closeAll(address);
            }
        });
        addresses.clear();
        return removed;
    }

    /** Closes everything: nobody is left who could take over. @return keys of all addresses */
    public List<String> closeAll() {
        List<String> keys = List.copyOf(addresses.keySet());
        addresses.values().forEach(ListenTable::closeAll);
        addresses.clear();
        return keys;
    }

    /**
     * What the worker of this slot serves when there are so many workers: its own sockets, and
     * those of the slots beyond the last worker, dealt out in turn.
     *
     * @param keys the addresses of the worker's configuration
     * @param withPrepared for a worker that waits for the commit: also what is not listening yet
     */
    public List<Copy> socketsOf(int slot, int workers, List<String> keys, boolean withPrepared) {
        assert slot < workers : slot + " of " + workers;
        List<Copy> copies = new ArrayList<>();
        Set<String> wanted = new HashSet<>(keys);
        for (Map.Entry<String, Address> entry : addresses.entrySet()) {
            Address address = entry.getValue();
            if (!wanted.contains(entry.getKey())) {
                continue;
            }
            int count = withPrepared ? address.sockets.size() : address.committed;
            for (int i = address.unix() ? 0 : slot; i < count; i += workers) {
                copies.add(new Copy(entry.getKey(), address.sockets.get(i).intValue()));
            }
        }
        return copies;
    }

    /** The names under which a predecessor left sockets with systemd. */
    public Set<String> keptNames() {
        return kept.names();
    }

    /** What is to outlive this master: the sockets of each address, those of paths excepted. */
    public Map<String, List<Integer>> worthKeeping() {
        Map<String, List<Integer>> all = new LinkedHashMap<>();
        addresses.forEach((key, address) -> {
            if (!address.unix()) {
                all.put(key, address.sockets.subList(0, address.committed).stream()
                        .map(Socket::intValue).toList());
            }
        });
        return all;
    }

    /** The port of an address: the configured one, or what the kernel chose for port 0. */
    public int portOf(String key) {
        Address address = addresses.get(key);
        return address == null ? 0 : address.port;
    }

    private static void closeAll(Address address) {
        // The path goes first: a connection made to a socket that nobody serves would hang.
        if (address.unix()) {
            unlink(address);
        }
        address.sockets.forEach(ListenTable::close);
        address.sockets.clear();
        address.committed = 0;
    }

    private static void unlink(Address address) {
        try {
            Files.deleteIfExists(Path.of(address.config.unixPath()));
        } catch (IOException stays) {
            // The next start finds it stale and removes it.
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException nothingToSave) {
            // The descriptor is released by the kernel in any case.
        }
    }
}
