package dev.sluice.worker.route;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.Server;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

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
    /** By index of the server: named locations. */
    private final List<Map<String, Location>> named;

    RouteTable(List<Server> servers, List<HostTable> hosts, List<LocationTable> locations,
            List<Map<String, Location>> named) {
        this.named = List.copyOf(named);
        this.servers = servers.toArray(Server[]::new);
        this.hosts = hosts.toArray(HostTable[]::new);
        this.locations = locations.toArray(LocationTable[]::new);
        assert this.servers.length == this.locations.length;
    }

    /** Sets the server that the host names at the client's address, and the captures of a name. */
    public void serve(Exchange x) {
        x.server = servers[hosts[x.client.listenIndex()].find(x)];
    }

    /** The server for requests whose host is not known, or could not be read. */
    public Server defaultServer(int listenIndex) {
        return servers[hosts[listenIndex].defaultValue()];
    }

    /** Whether the address belongs to servers, and not to a stream. */
    public boolean hasServer(int listenIndex) {
        return hosts[listenIndex].defaultValue() != HostNames.NONE;
    }

    /** Place of the server that a name means at an address, before there is a request. */
    public int serverFor(int listenIndex, String name) {
        ByteBuffer bytes = ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII))
                .order(ByteOrder.LITTLE_ENDIAN);
        return hosts[listenIndex].find(bytes, 0, bytes.capacity());
    }

    /** Sets the location of the exchange by its path; the server's fallback when none matches. */
    public void locate(Exchange x) {
        Location found = locations[x.server.index].find(x);
        x.location = found == null ? x.server.fallback : found;
    }

    /** Null when the exchange's server has no location of this name, which begins with @. */
    public Location named(Exchange x, String name) {
        return named.get(x.server.index).get(name);
    }
}
