package dev.sluice.worker.tunnel;

import dev.sluice.worker.http.RequestHead;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The host that a CONNECT names.
 *
 * @param name in lower case, without the dot at its end; null for an address
 * @param address null for a name
 */
record TargetHost(String name, InetAddress address) {

    /** Whether whatever is written there could be an address in an old form: no name ends so. */
    boolean isDoubtful() {
        if (name == null) {
            return false;
        }
        String last = name.substring(name.lastIndexOf('.') + 1);
        return !last.isEmpty() && Character.isDigit(last.charAt(0))
                && last.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == 'x');
    }

    static TargetHost of(RequestHead head) {
        byte[] bytes = new byte[head.hostLength];
        head.buffer().get(head.hostOffset, bytes);
        String text = new String(bytes, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        boolean bracketed = text.startsWith("[");
        String bare = bracketed ? text.substring(1, text.length() - 1) : text;
        if (bracketed || bare.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            try {
                return new TargetHost(null, InetAddress.ofLiteral(bare));
            } catch (IllegalArgumentException e) {
                // It has the form of an address and is none: no name server is asked for that.
                return new TargetHost(bare, null);
            }
        }
        return new TargetHost(text, null);
    }
}
