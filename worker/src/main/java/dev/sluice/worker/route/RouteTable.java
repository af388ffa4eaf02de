package dev.sluice.worker.route;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.Server;
import dev.sluice.worker.http.RequestHead;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Every server and location of a generation. Made whole by {@link RouteBuilder} and never changed.
 *
 * <p>Written at boot, then read-only; regular expressions in it belong to the event loop.
 */
public final class RouteTable {

    private final Server[] servers;
    /** By index of the listening address. */
    private final HostTable[] hosts;
    /** By index of the server. */
    private final LocationTable[] locations;

    RouteTable(List<Server> servers, List<HostTable> hosts, List<LocationTable> locations) {
        this.servers = servers.toArray(Server[]::new);
        this.hosts = hosts.toArray(HostTable[]::new);
        this.locations = locations.toArray(LocationTable[]::new);
        assert this.servers.length == this.locations.length;
    }

    /** The server that the host of the head names at this address. */
    public Server serverFor(int listenIndex, RequestHead head) {
        return servers[hosts[listenIndex]
                .find(head.buffer(), head.hostOffset, head.hostLength)];
    }

    /** The server for requests whose host is not known, or could not be read. */
    public Server defaultServer(int listenIndex) {
        return servers[hosts[listenIndex].defaultValue()];
    }

    /** The location of a canonical path; the server's fallback when none matches. */
    public Location locationFor(Server server, ByteBuffer path, int offset, int length) {
        Location found = locations[server.index].find(path, offset, length);
        return found == null ? server.fallback : found;
    }

    /** Sets the location of the exchange by its path, and the captures of its expression. */
    public void locate(Exchange x) {
        LocationTable table = locations[x.server.index];
        Location found = table.find(x.pathBuffer, x.pathOffset, x.pathLength);
        x.location = found == null ? x.server.fallback : found;
        String[] captures = table.captures();
        if (captures != null) {
            x.captures = captures;
        }
    }

    public int serverCount() {
        return servers.length;
    }

    public Server server(int index) {
        return servers[index];
    }
}
