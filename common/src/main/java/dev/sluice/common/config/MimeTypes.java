package dev.sluice.common.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * File name extension to media type: {@code [types]}. Written at boot, then read-only.
 */
public final class MimeTypes {

    /** What a file without {@code [types]} and without the shipped mime.types gets. */
    public static final MimeTypes BUILT_IN = of(Map.ofEntries(
            Map.entry("html", "text/html"), Map.entry("htm", "text/html"),
            Map.entry("css", "text/css"), Map.entry("txt", "text/plain"),
            Map.entry("js", "text/javascript"), Map.entry("mjs", "text/javascript"),
            Map.entry("json", "application/json"), Map.entry("xml", "text/xml"),
            Map.entry("svg", "image/svg+xml"), Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"), Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"), Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"), Map.entry("woff2", "font/woff2"),
            Map.entry("wasm", "application/wasm"), Map.entry("pdf", "application/pdf")));

    private final Map<String, String> typeByExtension;

    private MimeTypes(Map<String, String> typeByExtension) {
        this.typeByExtension = typeByExtension;
    }

    /** Takes extensions in lower case, without the dot. */
    public static MimeTypes of(Map<String, String> typeByExtension) {
        return new MimeTypes(Collections.unmodifiableMap(new LinkedHashMap<>(typeByExtension)));
    }

    /** The type of an extension in lower case, null when none is known. */
    public String typeOf(String extensionLowerCase) {
        return typeByExtension.get(extensionLowerCase);
    }

    /** Every extension with its type, in the order of the file. */
    public Map<String, String> all() {
        return typeByExtension;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MimeTypes that && typeByExtension.equals(that.typeByExtension);
    }

    @Override
    public int hashCode() {
        return typeByExtension.hashCode();
    }

    @Override
    public String toString() {
        return typeByExtension.toString();
    }
}
