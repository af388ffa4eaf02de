package dev.sluice.worker.variables;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientCertificate;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.TlsFacts;

/** Values of the certificate that a client has shown; absent where it has none. Stateless. */
final class CertificateValues {

    private CertificateValues() {
    }

    private static ClientCertificate of(Exchange x) {
        TlsFacts tls = x.client.tls();
        return tls == null ? null : tls.client();
    }

    private static boolean put(String text, ByteSink out) {
        out.putAscii(text);
        return true;
    }

    /** NONE for a client that speaks TLS and has shown none, as in nginx. */
    static boolean verdict(Exchange x, ByteSink out) {
        ClientCertificate client = of(x);
        return x.client.tls() != null && put(client == null ? "NONE" : client.verdict(), out);
    }

    static boolean subject(Exchange x, ByteSink out) {
        ClientCertificate client = of(x);
        return client != null && put(client.subject(), out);
    }

    static boolean issuer(Exchange x, ByteSink out) {
        ClientCertificate client = of(x);
        return client != null && put(client.issuer(), out);
    }

    static boolean serial(Exchange x, ByteSink out) {
        ClientCertificate client = of(x);
        return client != null && put(client.serial(), out);
    }

    static boolean fingerprint(Exchange x, ByteSink out) {
        ClientCertificate client = of(x);
        return client != null && put(client.sha1(), out);
    }

    static boolean pem(Exchange x, ByteSink out) {
        ClientCertificate client = of(x);
        return client != null && put(client.pem(), out);
    }

    /** Each line but the first begins with a tab: what HTTP once took for one field. */
    static boolean foldedPem(Exchange x, ByteSink out) {
        ClientCertificate client = of(x);
        if (client == null) {
            return false;
        }
        String pem = client.pem();
        return put(pem.substring(0, pem.length() - 1).replace("\n", "\n\t"), out);
    }

    static boolean escapedPem(Exchange x, ByteSink out) {
        ClientCertificate client = of(x);
        return client != null && put(client.escapedPem(), out);
    }

    static boolean validFrom(Exchange x, ByteSink out) {
        ClientCertificate client = of(x);
        return client != null && put(client.validFrom(), out);
    }

    static boolean validTo(Exchange x, ByteSink out) {
        ClientCertificate client = of(x);
        return client != null && put(client.validTo(), out);
    }

    static boolean daysLeft(Exchange x, ByteSink out) {
        ClientCertificate client = of(x);
        if (client != null) {
            out.putDecimal(client.daysLeft(x.ctx.clock.nowMs()));
        }
        return client != null;
    }

    static boolean lfdi(Exchange x, ByteSink out) {
        ClientCertificate client = of(x);
        return client != null && put(client.lfdi(), out);
    }

    static boolean sfdi(Exchange x, ByteSink out) {
        ClientCertificate client = of(x);
        return client != null && put(client.sfdi(), out);
    }
}
