package dev.sluice.worker.proxy;

import dev.sluice.common.config.CertForward;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientCertificate;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields by which peers learn of the client's certificate. What a client itself sends under
 * such a name goes nowhere, at no server: a peer cannot tell which one a request came through. A
 * dash and an underscore are one here, as they are for peers behind CGI.
 *
 * <p>A value that does not fit makes the whole head too large, and the request fails.
 *
 * <p>Written at boot, then read-only.
 */
final class IdentityFields {

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] CHAIN =
            (CertForward.CHAIN + ": ").getBytes(StandardCharsets.US_ASCII);

    /** Lower case, with dashes. */
    private final byte[][] stopped;
    private final CertForward.Form[] forms;
    /** {@code Name: } of each form. */
    private final byte[][] starts;

    private IdentityFields(List<String> everywhere, List<CertForward> here) {
        this.stopped = everywhere.stream().map(IdentityFields::bytes).toArray(byte[][]::new);
        this.forms = here.stream().map(CertForward::form).toArray(CertForward.Form[]::new);
        this.starts = here.stream().map(one -> bytes(one.header() + ": "))
                .toArray(byte[][]::new);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * @param everywhere see {@link #names}
     * @param here what this location tells its peers
     * @return null when there is nothing to do
     */
    static IdentityFields of(List<String> everywhere, List<CertForward> here) {
        return everywhere.isEmpty() ? null : new IdentityFields(everywhere, here);
    }

    /** The names that some location uses. */
    static List<String> names(SluiceConfig config) {
        List<String> names = new ArrayList<>();
        for (ServerConfig server : config.servers()) {
            add(server.fallback(), names);
            for (LocationConfig location : server.locations()) {
                add(location, names);
            }
        }
        return names;
    }

    private static void add(LocationConfig location, List<String> names) {
        if (location.proxy() == null) {
            return;
        }
        for (CertForward one : location.proxy().headers().certificate()) {
            for (String name : one.names()) {
                if (!names.contains(CertForward.folded(name))) {
                    names.add(CertForward.folded(name));
                }
            }
        }
    }

    /** Whether field {@code i} of a client goes nowhere. */
    boolean stops(HeaderTable headers, int i) {
        int length = headers.nameLength(i);
        for (byte[] name : stopped) {
            if (name.length == length && equals(headers.buffer(), headers.nameOffset(i), name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean equals(ByteBuffer b, int offset, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            byte c = b.get(offset + i);
            if (c >= 'A' && c <= 'Z') {
                c += 32;
            } else if (c == '_') {
                c = '-';
            }
            if (c != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** Nothing without a certificate, and where the server has not asked for one. */
    void write(Exchange x, ByteSink out) {
        TlsFacts tls = forms.length == 0 ? null : x.client.tls();
        if (tls == null || tls.client() == null || !x.server.asksForCertificate) {
            return;
        }
        ClientCertificate client = tls.client();
        for (int i = 0; i < forms.length; i++) {
            out.put(starts[i]).putAscii(value(forms[i], client)).put(CRLF);
            if (forms[i] == CertForward.Form.RFC9440 && client.chainLength() > 1) {
                out.put(CHAIN).putAscii(client.chainBytes()).put(CRLF);
            }
        }
    }

    private static String value(CertForward.Form form, ClientCertificate client) {
        return switch (form) {
            case RFC9440 -> client.ownBytes();
            case XFCC -> client.xfcc();
            case PEM -> client.escapedPem();
            case SHA256 -> client.sha256();
            case LFDI -> client.lfdi();
            case SFDI -> client.sfdi();
        };
    }
}
