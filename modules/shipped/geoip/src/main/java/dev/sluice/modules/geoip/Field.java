package dev.sluice.modules.geoip;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is known of an address, and where databases of the form of MaxMind have it. */
enum Field {
    COUNTRY_CODE("country", "iso_code"),
    COUNTRY_NAME("country", "names", "en"),
    CONTINENT_CODE("continent", "code"),
    REGION("subdivisions", "0", "iso_code"),
    CITY("city", "names", "en"),
    POSTAL_CODE("postal", "code"),
    LATITUDE("location", "latitude"),
    LONGITUDE("location", "longitude"),
    TIME_ZONE("location", "time_zone"),
    ASN("autonomous_system_number"),
    ORGANIZATION("autonomous_system_organization");

    static final Field[] ALL = values();

    private final String[] path;

    Field(String... path) {
        this.path = path;
    }

    /** Without the dollar sign: {@code geoip_country_code}. */
    String variable() {
        return "geoip_" + name().toLowerCase(Locale.ROOT);
    }

    /** Null when the record does not have it. */
    String of(Map<?, ?> record) {
        Object at = record;
        for (String step : path) {
            at = switch (at) {
                case Map<?, ?> map -> map.get(step);
                case List<?> list when !list.isEmpty() -> list.getFirst();
                case null, default -> null;
            };
        }
        return at == null || at instanceof Map || at instanceof List ? null : printable(at);
    }

    /** As bytes of UTF-8; what could end a line of a head is no text. */
    private static String printable(Object value) {
        String text = value.toString();
        return text.chars().anyMatch(c -> c < ' ' || c == 127) ? null
                : new String(text.getBytes(StandardCharsets.UTF_8),
                        StandardCharsets.ISO_8859_1);
    }
}
