package dev.sluice.worker.coding;

import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a client says of content codings (RFC 9110 section 12.5.3). Of an element that is malformed
 * nothing is believed.
 *
 * <p>Owner: event loop. Reused.
 */
public final class AcceptEncoding {

    private static final byte[] X_GZIP = "x-gzip".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IDENTITY = "identity".getBytes(StandardCharsets.US_ASCII);
    private static final Coding[] CODINGS = Coding.values();
    private static final int NOT_SAID = -1;
    private static final int MALFORMED = -2;
    /** Weights are in thousandths. */
    private static final int WEIGHT_MAX = 1000;

    private final int[] weights = new int[CODINGS.length];
    private int identity;
    private int rest;

    /** Reads all fields of a request. */
    public AcceptEncoding read(HeaderTable headers) {
        for (int i = 0; i < weights.length; i++) {
            weights[i] = NOT_SAID;
        }
        identity = NOT_SAID;
        rest = NOT_SAID;
        for (int i = headers.find(HeaderName.ACCEPT_ENCODING); i >= 0;
                i = headers.findNext(HeaderName.ACCEPT_ENCODING, i)) {
            int from = headers.valueOffset(i);
            read(headers.buffer(), from, from + headers.valueLength(i));
        }
        return this;
    }

    private void read(ByteBuffer b, int from, int end) {
        for (int at = from; at < end; at++) {
            int elementEnd = AsciiBytes.tokenEnd(b, at, end);
            int semicolon = AsciiBytes.indexOf(b, at, elementEnd, ';');
            int name = AsciiBytes.skipSpace(b, at, semicolon);
            int length = AsciiBytes.trimSpace(b, name, semicolon) - name;
            int weight = semicolon == elementEnd ? WEIGHT_MAX
                    : weight(b, semicolon + 1, elementEnd);
            if (weight != MALFORMED) {
                keep(b, name, length, weight);
            }
            at = elementEnd;
        }
    }

    private void keep(ByteBuffer b, int name, int length, int weight) {
        if (length == 1 && b.get(name) == '*') {
            rest = weight;
        } else if (AsciiBytes.equalsIgnoreCase(b, name, length, IDENTITY)) {
            identity = weight;
        } else if (AsciiBytes.equalsIgnoreCase(b, name, length, X_GZIP)) {
            // RFC 9110 section 8.4.1.3: the same as gzip.
            weights[Coding.GZIP.ordinal()] = weight;
        } else {
            for (Coding coding : CODINGS) {
                if (AsciiBytes.equalsIgnoreCase(b, name, length, coding.token())) {
                    weights[coding.ordinal()] = weight;
                }
            }
        }
    }

    /** {@code q=0.5}, between spaces, with at most three decimals (RFC 9110 section 12.4.2). */
    private static int weight(ByteBuffer b, int from, int to) {
        int at = AsciiBytes.skipSpace(b, from, to);
        int end = AsciiBytes.trimSpace(b, at, to);
        if (end - at < 3 || AsciiBytes.lower(b.get(at)) != 'q' || b.get(at + 1) != '=') {
            return MALFORMED;
        }
        byte first = b.get(at + 2);
        if (first != '0' && first != '1' || end - at > 3 && b.get(at + 3) != '.'
                || end - at > 7) {
            return MALFORMED;
        }
        int weight = (first - '0') * WEIGHT_MAX;
        int worth = WEIGHT_MAX / 10;
        for (int i = at + 4; i < end; i++) {
            byte digit = b.get(i);
            if (digit < '0' || digit > '9') {
                return MALFORMED;
            }
            weight += (digit - '0') * worth;
            worth /= 10;
        }
        return weight <= WEIGHT_MAX ? weight : MALFORMED;
    }

    private int weightOf(Coding coding) {
        int said = weights[coding.ordinal()];
        return said != NOT_SAID ? said : Math.max(rest, 0);
    }

    /** Whether the client takes what is in this coding. Without any field none is wished for. */
    public boolean accepts(Coding coding) {
        return weightOf(coding) > 0;
    }

    /**
     * The one of these codings that the client likes best.
     *
     * @param offered bits of codings
     * @return null when it likes the body as it is at least as much, or takes none of them
     */
    public Coding choose(int offered) {
        Coding best = null;
        int bestWeight = 0;
        for (Coding coding : CODINGS) {
            int weight = (offered & coding.bit()) == 0 ? 0 : weightOf(coding);
            if (weight > bestWeight) {
                best = coding;
                bestWeight = weight;
            }
        }
        // Named, it counts as any other; not named, it is what is left when nothing else is.
        return identity > bestWeight ? null : best;
    }
}
