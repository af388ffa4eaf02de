package dev.sluice.worker.exchange;

import dev.sluice.worker.arena.ByteSink;

/**
 * What one request says of its client by the mouth of proxies, as far as it is believed: nothing
 * unless the connection comes from a trusted proxy. What such a proxy says by a PROXY header is its
 * own word; the fields behind that may be its client's.
 *
 * <p>Owner: event loop.
 */
public final class ClientClaim {

    private boolean trusted;
    private boolean proxied;
    private boolean known;
    private boolean v4;
    private int port;
    private long high;
    private long low;

    /** Forgets everything: nothing is believed. */
    public void reset() {
        trusted = false;
        proxied = false;
        known = false;
    }

    public void copy(ClientClaim other) {
        trusted = other.trusted;
        proxied = other.proxied;
        known = other.known;
        v4 = other.v4;
        port = other.port;
        high = other.high;
        low = other.low;
    }

    /** The fields of the request are those of a trusted proxy. */
    public void trust() {
        trusted = true;
    }

    /** The connection began where the PROXY header of a trusted proxy says. */
    public void beginAtHeader() {
        proxied = true;
    }

    boolean beginsAtHeader() {
        return proxied;
    }

    public boolean isTrusted() {
        return trusted;
    }

    /**
     * Names the client, by a field or header that is believed.
     *
     * @param portOrZero 0 when nobody says it
     */
    public void set(boolean isV4, long highBits, long lowBits, int portOrZero) {
        known = true;
        v4 = isV4;
        high = highBits;
        low = lowBits;
        port = portOrZero;
    }

    public boolean isKnown() {
        return known;
    }

    int port() {
        return port;
    }

    void print(ByteSink out) {
        ClientAddress.print(v4 ? ClientAddress.IPV4 : ClientAddress.IPV6, high, low, out);
    }
}
