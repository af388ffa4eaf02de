package dev.sluice.modules.jwt;

import com.nimbusds.jose.shaded.gson.Gson;
import com.nimbusds.jose.shaded.gson.GsonBuilder;
import com.nimbusds.jose.shaded.gson.JsonParseException;
import com.nimbusds.jose.shaded.gson.ToNumberPolicy;
import com.nimbusds.jose.shaded.gson.reflect.TypeToken;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a token says whose signature is good: strings, numbers as they are written, truth values and
 * lists of them by name, as texts for variables. Shared by all requests that carry the token;
 * read-only.
 *
 * @param header of the token's own
 * @param claims of its payload
 */
record Claims(Map<String, String> header, Map<String, String> claims) {

    /** The library's own reader makes a double of what no long holds (RFC 8259 §6 allows both). */
    private static final Gson AS_WRITTEN = new GsonBuilder()
            .setObjectToNumberStrategy(ToNumberPolicy.LAZILY_PARSED_NUMBER).create();
    private static final TypeToken<Map<String, Object>> OBJECT = new TypeToken<>() { };

    Claims {
        header = Map.copyOf(header);
        claims = Map.copyOf(claims);
    }

    /** @param header as JSON, as the payload is */
    static Claims of(String header, String payload) throws ParseException {
        return new Claims(texts(header), texts(payload));
    }

    private static Map<String, String> texts(String json) throws ParseException {
        Map<String, Object> values;
        try {
            values = AS_WRITTEN.fromJson(json, OBJECT);
        } catch (JsonParseException e) {
            throw new ParseException(e.getMessage(), 0);
        }
        Map<String, String> texts = new HashMap<>();
        values.forEach((name, value) -> {
            String text = text(value);
            // What could end a line of a head or a log has no text.
            if (text != null && text.chars().noneMatch(c -> c < ' ' || c == 127)) {
                // Bytes of UTF-8 as characters: variables are bytes.
                texts.put(name, new String(text.getBytes(StandardCharsets.UTF_8),
                        StandardCharsets.ISO_8859_1));
            }
        });
        return texts;
    }

    /** Elements of a list are separated by commas; what is more than that has no text. */
    private static String text(Object value) {
        if (value instanceof List<?> list) {
            StringBuilder all = new StringBuilder();
            for (Object one : list) {
                if (one == null || one instanceof List || one instanceof Map) {
                    return null;
                }
                all.append(all.isEmpty() ? "" : ",").append(one);
            }
            return all.toString();
        }
        return value == null || value instanceof Map ? null : value.toString();
    }
}
