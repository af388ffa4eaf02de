package dev.sluice.worker.upstream;

import java.util.Arrays;

/**
 * The connections of HTTP/2 to one peer that take streams, of all transports. There are few, so
 * looking for one goes through them.
 *
 * <p>Owner: event loop.
 */
final class Http2Links {

    final Peer peer;
    private Http2Link[] links = new Http2Link[4];
    private int count;

    Http2Links(Peer peer) {
        this.peer = peer;
    }

    /** One that takes a stream now, or soon when it is connecting; else null. */
    Http2Link find(Transport transport, boolean connecting) {
        for (int i = 0; i < count; i++) {
            Http2Link link = links[i];
            if (link.transport == transport && link.isConnecting() == connecting
                    && link.hasPlace()) {
                return link;
            }
        }
        return null;
    }

    void add(Http2Link link) {
        if (count == links.length) {
            links = Arrays.copyOf(links, count * 2);
        }
        links[count++] = link;
    }

    /** It takes no more streams. @param from null for one that is on nobody's list */
    static void remove(Http2Links from, Http2Link link) {
        if (from != null) {
            from.remove(link);
        }
    }

    private void remove(Http2Link link) {
        for (int i = 0; i < count; i++) {
            if (links[i] == link) {
                links[i] = links[--count];
                links[count] = null;
                return;
            }
        }
    }

    /** Those that do not lead to one of these take no more streams. */
    void retireVanished(PeerAddresses left) {
        for (int i = count - 1; i >= 0; i--) {
            if (!links[i].leadsTo(left)) {
                links[i].retire();
            }
        }
    }

    void retireAll() {
        for (int i = count - 1; i >= 0; i--) {
            if (i < count) {
                links[i].retire();
            }
        }
    }
}
