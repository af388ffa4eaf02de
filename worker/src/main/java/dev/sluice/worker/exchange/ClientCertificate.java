package dev.sluice.worker.exchange;

import dev.sluice.common.identity.DeviceId;
import java.security.cert.X509Certificate;

/**
 * The certificate that a client has shown and proved to own, with what is made of it once for a
 * session and asked for by every request.
 *
 * @param fingerprint SHA-256 of its DER; lent for reading only
 * @param lfdi 40 hexadecimal digits in lower case (IEEE 2030.5-2018 §6.3.3)
 * @param sfdi 12 decimal digits (§6.3.4)
 */
public record ClientCertificate(X509Certificate certificate, byte[] fingerprint, String lfdi,
        String sfdi) {

    /** @param der the same certificate, as it was shown */
    public static ClientCertificate of(X509Certificate certificate, byte[] der) {
        byte[] fingerprint = DeviceId.fingerprint(der);
        return new ClientCertificate(certificate, fingerprint, DeviceId.lfdi(fingerprint),
                DeviceId.sfdi(fingerprint));
    }
}
