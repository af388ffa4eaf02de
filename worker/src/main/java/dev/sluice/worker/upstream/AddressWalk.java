package dev.sluice.worker.upstream;

import java.net.SocketAddress;

/**
 * Through the addresses of a peer, from the one that last worked, each once; and where it stopped.
 *
 * <p>Owner: event loop.
 */
final class AddressWalk {

    private PeerAddresses addresses;
    private int index;
    private int tried;

    void begin(PeerAddresses all) {
        addresses = all;
        index = all.preferred();
        tried = 0;
    }

    int count() {
        return addresses.count();
    }

    /** Goes to the next address. @return false when all have been tried */
    boolean next() {
        if (tried == addresses.count()) {
            return false;
        }
        if (tried > 0) {
            index = (index + 1) % addresses.count();
        }
        tried++;
        return true;
    }

    SocketAddress address() {
        return addresses.socketAddress(index);
    }

    String text() {
        return addresses.text();
    }

    /** A connection was made: begin here the next time. */
    void works() {
        addresses.prefer(index);
    }

    /** Whether the present address is one of these; if so, it goes by them from now on. */
    boolean leadsTo(PeerAddresses now) {
        if (now != addresses) {
            int there = now == null ? -1 : now.indexOf(address());
            if (there < 0) {
                return false;
            }
            addresses = now;
            index = there;
        }
        return true;
    }

    void end() {
        addresses = null;
    }
}
