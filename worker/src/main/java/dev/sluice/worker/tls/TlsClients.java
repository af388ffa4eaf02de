package dev.sluice.worker.tls;

import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.ProxyTlsConfig;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.worker.arena.SlabPool;
import java.util.HashMap;
import java.util.Map;

/**
 * The ways of speaking TLS to peers, one for each set of settings, so that sessions are shared by
 * the locations that agree about everything and by no others.
 *
 * <p>Owner: event loop.
 */
public final class TlsClients {

    private final Map<ProxyTlsConfig, TlsClient> byConfig = new HashMap<>();
    private final Map<ProxyTlsConfig, TlsClient> ofHttp2 = new HashMap<>();
    private final SlabPool slabs;
    private final TlsFiles files;
    private TlsBuffers buffers;

    /** @param handed certificates and keys */
    public TlsClients(SlabPool slabs, HandedFiles handed) {
        this.slabs = slabs;
        this.files = new TlsFiles(handed);
    }

    /**
     * @param http2 whether HTTP/2 is asked for, and nothing else
     * @throws IllegalArgumentException a file cannot be read or used, with its name and the reason
     */
    public TlsClient of(ProxyTlsConfig config, boolean http2) {
        if (buffers == null) {
            buffers = new TlsBuffers(slabs);
        }
        return (http2 ? ofHttp2 : byConfig).computeIfAbsent(
                config, c -> new TlsClient(c, http2, files, buffers));
    }

    /** Files have changed: all of one user or of some. On the loop. */
    public void renew(HandedFiles handed, ErrorLog log) {
        renew(byConfig, handed, log);
        renew(ofHttp2, handed, log);
    }

    private static void renew(
            Map<ProxyTlsConfig, TlsClient> clients, HandedFiles handed, ErrorLog log) {
        clients.forEach((config, client) -> {
            if (!config.files().isEmpty() && handed.hasAll(config.files())) {
                try {
                    client.renew(new TlsFiles(handed));
                } catch (IllegalArgumentException e) {
                    log.log(Level.ERROR, e.getMessage() + "; what was there before stays in use");
                }
            }
        });
    }
}
