package dev.sluice.worker.tls;

import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLCredential;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * A certificate with its key, its chain and an answer about it, as the library takes one of
 * several, and chooses among them by what a client understands. Its memory is native.
 *
 * <p>Owner: event loop. {@link #release} must be called once.
 */
final class Credential {

    private final long address;

    private Credential(long address) {
        this.address = address;
    }

    /** The connection of this pointer may show it, and holds on to it. */
    void addTo(long ssl) {
        try {
            SSL.addCredential(ssl, address);
        } catch (Exception e) {
            throw new IllegalStateException("a credential is refused", e);
        }
    }

    void release() {
        free(address, 0, 0);
    }

    /**
     * @param staple an OCSP response in DER; null for none
     * @throws GeneralSecurityException the library refuses it
     */
    static Credential of(PrivateKey key, X509Certificate[] chain, byte[] staple)
            throws GeneralSecurityException {
        long made = 0;
        long chainAddress = 0;
        long keyAddress = 0;
        try {
            made = SSLCredential.newX509();
            keyAddress = parsed(PemMemory.pem("PRIVATE KEY", key.getEncoded()), true);
            SSLCredential.setPrivateKey(made, keyAddress);
            StringBuilder all = new StringBuilder();
            for (X509Certificate one : chain) {
                all.append(PemMemory.pem("CERTIFICATE", one.getEncoded()));
            }
            chainAddress = parsed(all.toString(), false);
            SSLCredential.setCertChain(made, chainAddress);
            if (staple != null) {
                SSLCredential.setOcspResponse(made, staple);
            }
            Credential whole = new Credential(made);
            made = 0;
            return whole;
        } catch (GeneralSecurityException e) {
            throw e;
        } catch (Exception e) {
            throw new GeneralSecurityException(e);
        } finally {
            free(made, chainAddress, keyAddress);
        }
    }

    /** A credential holds on to what it was given. */
    private static void free(long made, long chainAddress, long keyAddress) {
        try {
            if (chainAddress != 0) {
                SSL.freeX509Chain(chainAddress);
            }
            if (keyAddress != 0) {
                SSL.freePrivateKey(keyAddress);
            }
            if (made != 0) {
                SSLCredential.free(made);
            }
        } catch (Exception e) {
            throw new IllegalStateException("a credential cannot be freed", e);
        }
    }

    private static long parsed(String pem, boolean key) throws Exception {
        long bio = PemMemory.of(pem);
        try {
            return key ? SSL.parsePrivateKey(bio, null) : SSL.parseX509Chain(bio);
        } finally {
            SSL.freeBIO(bio);
        }
    }
}
