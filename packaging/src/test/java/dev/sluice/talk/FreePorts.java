package dev.sluice.talk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Ports with names, chosen by the kernel: each was free a moment before it is first used. */
final class FreePorts {

    private static final Pattern PLACE = Pattern.compile("@PORT(?::(\\w+))?@");

    private final Map<String, Integer> ports = new HashMap<>();

    int port(String name) {
        return ports.computeIfAbsent(name, fresh -> freePort());
    }

    boolean knows(String name) {
        return ports.containsKey(name);
    }

    /** Puts numbers in the places of {@code @PORT:name@}; a bare one is that of "main". */
    String fill(String text) {
        return PLACE.matcher(text).replaceAll(place -> Integer.toString(
                port(place.group(1) == null ? "main" : place.group(1))));
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
