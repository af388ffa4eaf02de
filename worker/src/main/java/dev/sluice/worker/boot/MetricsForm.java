package dev.sluice.worker.boot;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * In which of its two forms a scraper wants the metrics, by its Accept (RFC 9110 section 12.5.1).
 * Prometheus names both, and OpenMetrics with the higher q. Stateless; not a hot path.
 */
final class MetricsForm {

    private static final byte[] END = "# EOF\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FIELD_BYTES_MAX = 1024;

    private MetricsForm() {
    }

    /** Whether OpenMetrics is asked for by name, and rather than text/plain. */
    static boolean prefersOpenMetrics(Exchange x) {
        HeaderTable headers = x.request.headers;
        double open = 0;
        double plain = 0;
        for (int i = headers.find(HeaderName.ACCEPT); i >= 0;
                i = headers.findNext(HeaderName.ACCEPT, i)) {
            byte[] value = new byte[Math.min(headers.valueLength(i), FIELD_BYTES_MAX)];
            headers.buffer().get(headers.valueOffset(i), value);
            for (String range : new String(value, StandardCharsets.ISO_8859_1)
                    .toLowerCase(Locale.ROOT).split(",")) {
                if (range.strip().startsWith("application/openmetrics-text")) {
                    open = Math.max(open, quality(range));
                } else if (range.strip().startsWith("text/plain")) {
                    plain = Math.max(plain, quality(range));
                }
            }
        }
        return open > 0 && open >= plain;
    }

    private static double quality(String range) {
        int at = range.replace(" ", "").indexOf(";q=");
        if (at < 0) {
            return 1;
        }
        String rest = range.replace(" ", "").substring(at + 3);
        int end = rest.indexOf(';');
        try {
            return Double.parseDouble(end < 0 ? rest : rest.substring(0, end));
        } catch (NumberFormatException no) {
            return 0;
        }
    }

    /** By its last line, which the format demands. */
    static boolean isOpenMetrics(byte[] text) {
        int from = text.length - END.length;
        for (int i = 0; i < END.length; i++) {
            if (from < 0 || text[from + i] != END[i]) {
                return false;
            }
        }
        return true;
    }
}
