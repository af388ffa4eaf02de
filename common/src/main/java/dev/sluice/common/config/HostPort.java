package dev.sluice.common.config;

import java.util.Locale;

/**
 * {@code HOST}, {@code HOST:PORT}, {@code [IPV6]} or {@code [IPV6]:PORT}. The host is a literal
 * address in its shortest form or a name in lower case; the port is -1 when none was written.
 * Written at boot, then read-only.
 */
record HostPort(String host, int port, boolean literal) {

    static final String PORT_RANGE = "a port from 1 to 65535";

    static HostPort parse(String text, int portMin) throws BadValue {
        String host = text;
        String port = null;
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            String after = close < 0 ? "" : text.substring(close + 1);
            if (close < 0 || !after.isEmpty() && !after.startsWith(":")) {
                throw new BadValue("\"" + text + "\" is not an address");
            }
            host = text.substring(1, close);
            port = after.isEmpty() ? null : after.substring(1);
            if (host.indexOf(':') < 0 || IpLiteral.parse(host) == null) {
                throw new BadValue("\"" + host + "\" is not an IPv6 address");
            }
        } else {
            int colon = text.indexOf(':');
            if (colon >= 0 && colon != text.lastIndexOf(':')) {
                throw new BadValue("\"" + text + "\" is not an address",
                        "an IPv6 address stands in brackets: [::1]:80");
            }
            host = colon < 0 ? text : text.substring(0, colon);
            port = colon < 0 ? null : text.substring(colon + 1);
        }
        int number = port == null ? -1 : port(port, portMin);
        byte[] address = IpLiteral.parse(host);
        if (address != null) {
            return new HostPort(IpLiteral.format(address), number, true);
        }
        checkName(host);
        return new HostPort(host.toLowerCase(Locale.ROOT), number, false);
    }

    static int port(String written, int min) throws BadValue {
        boolean digits = !written.isEmpty() && written.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw new BadValue("\"" + written + "\" is not a port", "expected " + PORT_RANGE);
        }
        if (written.length() > 5 || Integer.parseInt(written) > 65535
                || Integer.parseInt(written) < min) {
            throw new BadValue("port " + written + " is out of range", "expected " + PORT_RANGE);
        }
        return Integer.parseInt(written);
    }

    /** Letters, digits, {@code -} and {@code _} in labels (RFC 1123 section 2.1, and practice). */
    static void checkName(String host) throws BadValue {
        boolean letter = false;
        boolean bad = host.isEmpty() || host.length() > 253;
        for (String label : host.split("\\.", -1)) {
            bad |= label.isEmpty() && !host.equals(label) || label.length() > 63;
            for (int i = 0; i < label.length(); i++) {
                char c = label.charAt(i);
                boolean alpha = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
                letter |= alpha;
                bad |= !alpha && !(c >= '0' && c <= '9') && c != '-' && c != '_';
            }
        }
        if (bad || !letter) {
            throw new BadValue("\"" + host + "\" is neither a host name nor an IP address");
        }
    }
}
