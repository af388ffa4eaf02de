package dev.sluice.modules.jwt;

import com.nimbusds.jose.shaded.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.HashMap;
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

    Claims {
        header = Map.copyOf(header);
        claims = Map.copyOf(claims);
    }

    /** @param header as JSON, as the payload is */
    static Claims of(String header, String payload) throws ParseException {
        return new Claims(texts(header), texts(payload));
    }

    /** The library makes a double of what no long holds (RFC 8259 §6 allows both): not here. */
    private static Map<String, String> texts(String json) throws ParseException {
        Map<String, String> texts = new HashMap<>();
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                String text = text(reader);
                // What could end a line of a head or a log has no text.
                if (text != null && text.chars().noneMatch(c -> c < ' ' || c == 127)) {
                    // Bytes of UTF-8 as characters: variables are bytes.
                    texts.put(name, new String(text.getBytes(StandardCharsets.UTF_8),
                            StandardCharsets.ISO_8859_1));
                }
            }
            reader.endObject();
        } catch (IOException | IllegalStateException e) {
            throw new ParseException(e.getMessage(), 0);
        }
        return texts;
    }

    /** Elements of a list are separated by commas; what is more than that has no text. */
    private static String text(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case STRING, NUMBER -> reader.nextString();
            case BOOLEAN -> String.valueOf(reader.nextBoolean());
            case BEGIN_ARRAY -> list(reader);
            default -> {
                reader.skipValue();
                yield null;
            }
        };
    }

    private static String list(JsonReader reader) throws IOException {
        StringBuilder all = new StringBuilder();
        boolean flat = true;
        reader.beginArray();
        for (boolean first = true; reader.hasNext(); first = false) {
            flat &= switch (reader.peek()) {
                case STRING, NUMBER, BOOLEAN -> true;
                default -> false;
            };
            if (flat) {
                all.append(first ? "" : ",").append(text(reader));
            } else {
                reader.skipValue();
            }
        }
        reader.endArray();
        return flat ? all.toString() : null;
    }
}
