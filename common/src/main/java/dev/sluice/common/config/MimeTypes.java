package dev.sluice.common.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * File name extension to media type: {@code [types]}. Written at boot, then read-only.
 */
public final class MimeTypes {

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
