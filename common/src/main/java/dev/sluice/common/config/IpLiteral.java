package dev.sluice.common.config;

import java.net.InetAddress;
import java.util.regex.Pattern;

/** Literal IP addresses: read without resolving anything, written in the form of RFC 5952. */
final class IpLiteral {

    private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private IpLiteral() {
    }

    /** 4 or 16 bytes; null when the text is no literal address. Scopes (%eth0) are none. */
    static byte[] parse(String text) {
        boolean v6 = text.indexOf(':') >= 0 && text.indexOf('%') < 0;
        if (!v6 && !DOTTED.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static String format(byte[] address) {
        if (address.length == 4) {
            return (address[0] & 0xFF) + "." + (address[1] & 0xFF) + "." + (address[2] & 0xFF)
                    + "." + (address[3] & 0xFF);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (address[2 * i] & 0xFF) << 8 | address[2 * i + 1] & 0xFF;
        }
        int gapFrom = -1;
        int gapLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            // RFC 5952 section 4.2: the longest run, the first of equals, never a single group.
            if (end - i > gapLength) {
                gapFrom = i;
                gapLength = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == gapFrom) {
                text.append("::");
                i += gapLength - 1;
            } else {
                boolean afterColon = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(afterColon ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
