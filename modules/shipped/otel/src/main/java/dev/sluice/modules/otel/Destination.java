package dev.sluice.modules.otel;

import dev.sluice.module.ModuleException;
import dev.sluice.module.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where spans are sent, and how. Immutable.
 *
 * @param endpoint http or https
 * @param fields of each request beside those of OTLP
 * @param trusted who may sign for the host of an https endpoint, in PEM
 * @param queueMax spans that may wait
 * @param batchMax spans in one request
 * @param every how long a span waits for others at most
 * @param giveUp how long one request may take
 */
record Destination(String endpoint, Map<String, String> fields, Path trusted, int queueMax,
        int batchMax, Duration every, Duration giveUp) {

    static Destination of(Settings settings) throws ModuleException {
        String endpoint = settings.text("endpoint");
        try {
            URI uri = new URI(endpoint);
            if (uri.getHost() == null
                    || !"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
                throw new ModuleException("\"endpoint\": \"" + endpoint + "\" is no URL of http",
                        "http://127.0.0.1:4318/v1/traces");
            }
        } catch (URISyntaxException e) {
            throw new ModuleException("\"endpoint\": \"" + endpoint + "\" is no URL");
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : settings.list("field")) {
            int space = field.indexOf(' ');
            if (space <= 0 || field.chars().anyMatch(c -> c < ' ' || c > 126)) {
                // Without the text, which is a secret.
                throw new ModuleException("a \"field\" is not NAME VALUE");
            }
            fields.put(field.substring(0, space), field.substring(space + 1).strip());
        }
        return new Destination(endpoint, Map.copyOf(fields), Path.of(settings.text("trusted")),
                settings.number("queue"), settings.number("batch"), settings.time("every"),
                settings.time("give_up"));
    }
}
