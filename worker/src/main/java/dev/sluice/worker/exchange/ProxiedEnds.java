package dev.sluice.worker.exchange;

import dev.sluice.worker.arena.ByteSink;

/**
 * Both ends of a connection as the proxy before this one saw it, by the header of the PROXY
 * protocol. Addresses are 128 bits, IPv4 ones mapped. Immutable.
 */
public record ProxiedEnds(boolean v4, long clientHigh, long clientLow, int clientPort,
        long serverHigh, long serverLow, int serverPort) {

    /** The address of the client. */
    public void printClient(ByteSink out) {
        print(clientHigh, clientLow, out);
    }

    /** The address that the client connected to. */
    public void printServer(ByteSink out) {
        print(serverHigh, serverLow, out);
    }

    private void print(long high, long low, ByteSink out) {
        ClientAddress.print(v4 ? ClientAddress.IPV4 : ClientAddress.IPV6, high, low, out);
    }
}
