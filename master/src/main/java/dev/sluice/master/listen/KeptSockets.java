package dev.sluice.master.listen;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Listening sockets of the master before this one: handed down by it at an upgrade, or left with
 * systemd, which hands them down as sd_listen_fds(3) says.
 * They have never stopped to listen: connections made since wait in their
 * queues. Owner: master loop.
 */
public final class KeptSockets {

    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SOCK_DGRAM = 2;
    private static final int FIRST_DESCRIPTOR = 3;

    private final Map<InetSocketAddress, List<Socket>> byAddress = new HashMap<>();
    /** Handed down at an upgrade: by the key of the address, and in the order of the slots. */
    private final Map<String, List<Socket>> byKey = new HashMap<>();
    private final Map<Socket, String> takenByKey = new HashMap<>();
    private final Set<Socket> taken = new HashSet<>();
    private final Set<String> names;

    static {
        // Loads the native library, which the socket classes alone do not do.
        Epoll.ensureAvailability();
    }

    private KeptSockets(Set<String> names) {
        this.names = names;
    }

    static KeptSockets none() {
        return new KeptSockets(Set.of());
    }

    /** What LISTEN_FDS speaks of, unless LISTEN_PID says that another process is meant. */
    public static KeptSockets of(Map<String, String> environment, long pid) {
        String count = environment.getOrDefault("LISTEN_FDS", "");
        String meant = environment.getOrDefault("LISTEN_PID", "");
        if (!meant.equals(Long.toString(pid)) || !count.matches("[0-9]{1,6}")) {
            return none();
        }
        String names = environment.getOrDefault("LISTEN_FDNAMES", "");
        // A name is there once for each socket of its address.
        KeptSockets kept = new KeptSockets(
                names.isEmpty() ? Set.of() : new HashSet<>(List.of(names.split(":", -1))));
        for (int i = 0; i < Integer.parseInt(count); i++) {
            Socket socket = new Socket(FIRST_DESCRIPTOR + i);
            InetSocketAddress address = socket.localAddress();
            if (address != null && !isDatagram(socket)) {
                kept.byAddress.computeIfAbsent(address, a -> new ArrayList<>()).add(socket);
            }
        }
        return kept;
    }

    /** Nothing waits in one that would be worth to be kept over a restart. */
    private static boolean isDatagram(Socket socket) {
        try {
            return socket.getIntOpt(SOL_SOCKET, SO_TYPE) == SOCK_DGRAM;
        } catch (IOException unknown) {
            return false;
        }
    }

    /** What an old master hands down: numbers of sockets by the key of their address. */
    public static KeptSockets handedDown(Map<String, List<Integer>> numbers) {
        Set<String> names = new HashSet<>();
        KeptSockets kept = new KeptSockets(names);
        numbers.forEach((key, fds) -> {
            if (!key.startsWith("unix:")) {
                names.add(nameOf(key));
            }
            kept.byKey.put(key, fds.stream().map(Socket::new).toList());
        });
        return kept;
    }

    /** The name of an address in LISTEN_FDNAMES, where a colon separates names. */
    public static String nameOf(String key) {
        return key.replace(':', '_');
    }

    /** The names they were left under. */
    public Set<String> names() {
        return names;
    }

    /** Hands over all sockets of this key. */
    List<Socket> take(String key) {
        List<Socket> sockets = byKey.remove(key);
        if (sockets == null) {
            return List.of();
        }
        sockets.forEach(socket -> takenByKey.put(socket, key));
        return sockets;
    }

    /** Hands over all sockets of this address; none when nothing was left for it. */
    List<Socket> take(InetSocketAddress address) {
        List<Socket> sockets = byAddress.remove(address);
        if (sockets == null) {
            return List.of();
        }
        taken.addAll(sockets);
        return sockets;
    }

    /** Takes one back for another attempt. @return false when it is none of these */
    boolean giveBack(Socket socket) {
        String key = takenByKey.remove(socket);
        if (key != null) {
            List<Socket> all = new ArrayList<>(byKey.getOrDefault(key, List.of()));
            // They are given back from the last one on.
            all.addFirst(socket);
            byKey.put(key, all);
            return true;
        }
        if (!taken.remove(socket)) {
            return false;
        }
        byAddress.computeIfAbsent(socket.localAddress(), a -> new ArrayList<>()).add(socket);
        return true;
    }

    /** The configuration is in force: nobody asks for the rest any more. */
    void closeRest() {
        taken.clear();
        takenByKey.clear();
        byKey.values().forEach(sockets -> sockets.forEach(KeptSockets::close));
        byKey.clear();
        byAddress.values().forEach(sockets -> sockets.forEach(KeptSockets::close));
        byAddress.clear();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException nothingToSave) {
            // The descriptor is released by the kernel in any case.
        }
    }
}
