package dev.sluice.worker.explain;

import dev.sluice.common.config.CodingConfig;
import dev.sluice.common.config.SecretValues;
import dev.sluice.worker.coding.AcceptEncoding;
import dev.sluice.worker.coding.Coding;
import dev.sluice.worker.exchange.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Tells in which coding a client would get an answer. Owner: the calling thread. */
final class ToldCodings {

    private final BiFunction<String, Exchange, String> texts;
    private final SecretValues secrets;
    private final AcceptEncoding accepted = new AcceptEncoding();

    /** @param texts gives a text with variables its value */
    ToldCodings(BiFunction<String, Exchange, String> texts, SecretValues secrets) {
        this.texts = texts;
        this.secrets = secrets;
    }

    void tell(CodingConfig config, Exchange x, Explanation to) {
        accepted.read(x.request.headers);
        if (config.compresses()) {
            to.add("coding", compressed(config, x));
        }
        if (config.gunzip()) {
            to.add("coding", accepted.accepts(Coding.GZIP) ? "what a peer sends by gzip stays so"
                    : "what a peer sends by gzip is unpacked, up to " + config.gunzipBytesMax()
                            + " bytes");
        }
    }

    private String compressed(CodingConfig config, Exchange x) {
        for (String bypass : config.bypass()) {
            String value = texts.apply(bypass, x);
            if (!value.isEmpty() && !value.equals("0")) {
                return "none: gzip_bypass " + bypass + " is \"" + secrets.shown(bypass, value)
                        + "\"";
            }
        }
        int offered = 0;
        List<String> names = new ArrayList<>();
        for (Coding coding : Coding.values()) {
            if (level(config, coding) > 0) {
                offered |= coding.bit();
                names.add(name(coding));
            }
        }
        Coding chosen = accepted.choose(offered);
        return chosen == null
                ? "none: the client takes none of " + String.join(" ", names)
                : name(chosen) + ", of " + String.join(" ", names) + ", for answers from "
                        + config.lengthMin() + " bytes of " + types(config.types());
    }

    /** As in nginx, text/html is always one of them. */
    private static String types(List<String> types) {
        boolean html = types.contains("*") || types.contains("text/*")
                || types.contains("text/html");
        return (html ? "" : "text/html ") + String.join(" ", types);
    }

    private static int level(CodingConfig config, Coding coding) {
        return switch (coding) {
            case ZSTD -> config.zstdLevel();
            case BROTLI -> config.brotliLevel();
            case GZIP -> config.gzipLevel();
        };
    }

    private static String name(Coding coding) {
        return new String(coding.token(), StandardCharsets.US_ASCII);
    }
}
