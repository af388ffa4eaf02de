package dev.sluice.worker.route;

import dev.sluice.common.config.ServerNameConfig;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.variables.NamePlaces;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The server names of one listening address, in nginx's order: the exact name; the longest name
 * with an asterisk at its beginning; the longest with one at its end; the first regular expression
 * of the file; the default server.
 *
 * <p>Written at boot, then read-only; the regular expressions belong to the event loop.
 */
final class HostTable {

    private static final int HOST_BYTES_MAX = 255;

    private final HostNames exact = new HostNames();
    /** ".example.com" for *.example.com, hashed from its end. */
    private final HostNames suffixes = new HostNames();
    /** "www." for www.*. */
    private final HostNames prefixes = new HostNames();
    private final List<CapturingPattern> patterns = new ArrayList<>();
    private final List<Integer> patternValues = new ArrayList<>();
    private final ByteBuffer lowerCase =
            ByteBuffer.allocateDirect(HOST_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
    private final NamePlaces captureNames;
    private int defaultValue = HostNames.NONE;
    /** The expression that found the last host; null when none did. */
    private CapturingPattern matched;
    /** Most addresses have one server, and then no name has to be looked at. */
    private boolean hasOneValue = true;

    HostTable(NamePlaces captureNames) {
        this.captureNames = captureNames;
    }

    /** Adds the names of a server in the order of the file. */
    void add(List<ServerNameConfig> names, int value, boolean isDefault) {
        hasOneValue &= defaultValue == HostNames.NONE || defaultValue == value;
        if (defaultValue == HostNames.NONE || isDefault) {
            defaultValue = value;
        }
        for (ServerNameConfig name : names) {
            String text = name.text();
            switch (name.kind()) {
                case EXACT -> exact.add(withoutDot(text), value, false);
                case LEADING_WILDCARD -> suffixes.add(withoutDot(text.substring(1)), value, true);
                case TRAILING_WILDCARD ->
                    prefixes.add(text.substring(0, text.length() - 1), value, false);
                case REGEX -> {
                    patterns.add(new CapturingPattern(text, true, captureNames));
                    patternValues.add(value);
                }
            }
        }
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    int defaultValue() {
        return defaultValue;
    }

    /** The value of the exchange's host; the groups of the expression that found it are kept. */
    int find(Exchange x) {
        RequestHead head = x.request;
        int found = find(head.buffer(), head.hostOffset, head.hostLength);
        if (matched != null) {
            matched.capture(x);
        }
        return found;
    }

    /** The value of the host in this range, which has no port. Allocates nothing. */
    int find(ByteBuffer b, int offset, int length) {
        matched = null;
        if (hasOneValue && patterns.isEmpty()) {
            return defaultValue;
        }
        if (length > 0 && b.get(offset + length - 1) == '.') {
            length--;
        }
        int hash = 0;
        int byPrefix = HostNames.NONE;
        boolean wantPrefix = !prefixes.isEmpty();
        for (int i = 0; i < length; i++) {
            byte c = b.get(offset + i);
            hash = HostNames.extend(hash, c);
            // Something has to stand for the asterisk, so the last byte does not count.
            if (c == '.' && wantPrefix && i + 1 < length) {
                int found = prefixes.find(hash, b, offset, i + 1);
                byPrefix = found == HostNames.NONE ? byPrefix : found;
            }
        }
        int found = exact.find(hash, b, offset, length);
        if (found == HostNames.NONE && !suffixes.isEmpty()) {
            found = bySuffix(b, offset, length);
        }
        if (found == HostNames.NONE) {
            found = byPrefix;
        }
        if (found == HostNames.NONE && !patterns.isEmpty() && length <= HOST_BYTES_MAX) {
            found = byPattern(b, offset, length);
        }
        return found == HostNames.NONE ? defaultValue : found;
    }

    private int bySuffix(ByteBuffer b, int offset, int length) {
        int longest = HostNames.NONE;
        int hash = 0;
        for (int i = length - 1; i > 0; i--) {
            byte c = b.get(offset + i);
            hash = HostNames.extend(hash, c);
            if (c == '.') {
                int found = suffixes.find(hash, b, offset + i, length - i);
                longest = found == HostNames.NONE ? longest : found;
            }
        }
        return longest;
    }

    private int byPattern(ByteBuffer b, int offset, int length) {
        for (int i = 0; i < length; i++) {
            lowerCase.put(i, AsciiBytes.lower(b.get(offset + i)));
        }
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).find(lowerCase, 0, length)) {
                matched = patterns.get(i);
                return patternValues.get(i);
            }
        }
        return HostNames.NONE;
    }
}
