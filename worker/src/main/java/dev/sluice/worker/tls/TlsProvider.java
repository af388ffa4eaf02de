package dev.sluice.worker.tls;

import dev.sluice.worker.exchange.TlsFacts;

/** A library that speaks the server's side of TLS, under one set of {@code ssl_*} keys. */
public interface TlsProvider {

    /** For one connection; {@link TlsLink} releases it. */
    TlsEngine newEngine();

    /** Whether it speaks HTTP/2, too. */
    boolean http2();

    /** Whether what is spoken inside is HTTP, and the client may not mean anything else. */
    boolean http();

    /**
     * What a handshake has settled.
     *
     * @param engine one of this provider's, behind its handshake
     * @param server place in {@code SluiceConfig.servers()}
     * @param name the one that the client asked for, empty for none
     */
    TlsFacts facts(TlsEngine engine, int server, String name);

    /** Another one takes its place. */
    void retire();
}
