package dev.sluice.master.notify;

import dev.sluice.master.listen.KeptSockets;
import dev.sluice.master.listen.ListenTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Leaves copies of the listening sockets with systemd (FDSTORE), so that they listen on while the
 * service restarts: who connects meanwhile waits, and the next master answers. A reload changes
 * what is kept. Owner: master loop.
 */
final class SocketStore {

    private final NotifySocket socket;
    private final ListenTable listeners;

    /** Names known to systemd; how many sockets of each this master has left there. */
    private final Map<String, Integer> kept = new HashMap<>();

    SocketStore(NotifySocket socket, ListenTable listeners) {
        this.socket = socket;
        this.listeners = listeners;
        listeners.keptNames().forEach(name -> kept.put(name, 0));
    }

    /** Leaves what is new and takes back what is no longer configured. */
    void update() {
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, List<Integer>> address : listeners.worthKeeping().entrySet()) {
            String name = KeptSockets.nameOf(address.getKey());
            names.add(name);
            List<Integer> descriptors = address.getValue();
            for (int i = kept.getOrDefault(name, 0); i < descriptors.size(); i++) {
                // systemd recognises a socket that it keeps already. FDPOLL: not to be dropped
                // because of a hang-up that polling may show.
                socket.send("FDSTORE=1\nFDNAME=" + name + "\nFDPOLL=0\n", descriptors.get(i));
            }
            kept.put(name, descriptors.size());
        }
        for (String name : Set.copyOf(kept.keySet())) {
            if (!names.contains(name)) {
                kept.remove(name);
                socket.send("FDSTOREREMOVE=1\nFDNAME=" + name + "\n");
            }
        }
    }
}
