package dev.sluice.common.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * File name extension to media type: {@code [types]}. Written at boot, then read-only.
 *
 * @param all every extension, in lower case without the dot, with its type, in the order of the
 *     file
 */
public record MimeTypes(Map<String, String> all) {

    /** What a file without {@code [types]} and without the shipped mime.types gets. */
    public static final MimeTypes BUILT_IN = new MimeTypes(Map.ofEntries(
            Map.entry("html", "text/html"), Map.entry("htm", "text/html"),
            Map.entry("css", "text/css"), Map.entry("txt", "text/plain"),
            Map.entry("js", "text/javascript"), Map.entry("mjs", "text/javascript"),
            Map.entry("json", "application/json"), Map.entry("xml", "text/xml"),
            Map.entry("svg", "image/svg+xml"), Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"), Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"), Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"), Map.entry("woff2", "font/woff2"),
            Map.entry("wasm", "application/wasm"), Map.entry("pdf", "application/pdf")));

    public MimeTypes {
        all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
    }

    /** The type of an extension in lower case, null when none is known. */
    public String typeOf(String extensionLowerCase) {
        return all.get(extensionLowerCase);
    }
}
