package dev.sluice.modules.jwt;

import com.nimbusds.jose.jwk.JWK;
import dev.sluice.modules.credentials.Source;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A JWK set that is fetched from a URL, on a thread that is made for each fetch: a slow issuer must
 * not hold up those whose passwords are compared. The last good one stays when a fetch fails.
 *
 * <p>Owner: the side thread; what comes of a fetch crosses in one reference.
 */
final class KeyUrl implements Source {

    private static final int TIMEOUT_MS = 10_000;
    /** After a failure, and between fetches for keys that are not known. */
    private static final long AGAIN_MS = 30_000;
    private static final int OK = 200;

    /** Exactly one of keys and failure is set. */
    private record Fetched(List<JWK> keys, String failure) {}

    private final URI url;
    private final Path authorities;
    private final long refreshMs;
    private final TokenKeys keys;
    private final InstantSource clock;
    private final AtomicReference<Fetched> arrived = new AtomicReference<>();
    private boolean fetching;
    private long askedMs;
    private long waitMs;
    private Integer version;
    private String failure = "it has not been fetched yet";
    private String complaint;

    /** @param authorities who may sign for the host, in PEM; read for each fetch */
    KeyUrl(String url, Path authorities, long refreshMs, TokenKeys keys, InstantSource clock) {
        this.url = URI.create(url);
        this.authorities = authorities;
        this.refreshMs = refreshMs;
        this.keys = keys;
        this.clock = clock;
    }

    /** Fetches it for the first time; before that there are no keys. */
    void start() {
        fetch();
    }

    @Override
    public void look() {
        Fetched found = arrived.getAndSet(null);
        if (found != null) {
            fetching = false;
            waitMs = found.keys == null ? Math.min(AGAIN_MS, refreshMs) : refreshMs;
            take(found);
        }
        if (!fetching && clock.millis() - askedMs >= waitMs) {
            fetch();
        }
    }

    private void take(Fetched found) {
        if (found.keys == null) {
            complaint = "keys of " + url + " cannot be fetched: " + found.failure;
            failure = version == null ? found.failure : null;
        } else {
            keys.take(found.keys);
            failure = null;
            version = version == null ? 1 : version + 1;
        }
    }

    @Override
    public void miss() {
        waitMs = Math.min(waitMs, AGAIN_MS);
    }

    private void fetch() {
        fetching = true;
        askedMs = clock.millis();
        Thread thread = new Thread(() -> arrived.set(fetched()), "jwks");
        thread.setDaemon(true);
        thread.start();
    }

    /** On the thread of the fetch. */
    private Fetched fetched() {
        try {
            HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
            if (connection instanceof HttpsURLConnection secure) {
                secure.setSSLSocketFactory(trusting(authorities));
            }
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            // A redirect could lead to where nobody has asked to be trusted.
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            if (connection.getResponseCode() != OK) {
                return new Fetched(null, "status " + connection.getResponseCode());
            }
            try (InputStream in = connection.getInputStream()) {
                byte[] bytes = in.readNBytes(TokenKeys.TEXT_BYTES_MAX + 1);
                if (bytes.length > TokenKeys.TEXT_BYTES_MAX) {
                    return new Fetched(null, "the answer is too long");
                }
                return new Fetched(
                        TokenKeys.parse(new String(bytes, StandardCharsets.UTF_8)), null);
            }
        } catch (IOException | GeneralSecurityException | RuntimeException | Error e) {
            return new Fetched(null, e.toString());
        }
    }

    /** The JDK goes on to compare the name of the host (RFC 9110 §4.3.4). */
    private static SSLSocketFactory trusting(Path authorities)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(authorities)) {
            for (Certificate one
                    : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry(Integer.toString(store.size()), one);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    @Override
    public Object version() {
        return version;
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public String complaint() {
        String once = complaint;
        complaint = null;
        return once;
    }
}
