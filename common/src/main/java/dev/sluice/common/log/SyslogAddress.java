package dev.sluice.common.log;

import java.util.List;

/**
 * Where lines for a syslog daemon go, and under which name: {@code
 * syslog:server=10.0.0.5:514,facility=local7,severity=info,tag=sluice}, as nginx writes it. The
 * server is an IP address, UDP port 514 by default, or {@code unix:/dev/log}. Immutable.
 *
 * @param host a literal address without brackets; null for a unix socket
 * @param socket the path of a unix socket; null for UDP
 * @param facility 0 to 23, RFC 5424 §6.2.1
 * @param severity 0 to 7, of lines that have no level of their own
 */
public record SyslogAddress(
        String host, int port, String socket, int facility, int severity, String tag) {

    /** What such a path of the configuration begins with. */
    public static final String PREFIX = "syslog:";

    private static final int PORT = 514;
    private static final int LOCAL7 = 23;
    private static final int INFO = 6;

    /** By their number. */
    private static final List<String> FACILITIES = List.of("kern", "user", "mail", "daemon",
            "auth", "intern", "lpr", "news", "uucp", "clock", "authpriv", "ftp", "ntp", "audit",
            "alert", "cron", "local0", "local1", "local2", "local3", "local4", "local5", "local6",
            "local7");

    /** By their number. */
    private static final List<String> SEVERITIES = List.of("emerg", "alert", "crit", "error",
            "warn", "notice", "info", "debug");

    /** @throws IllegalArgumentException with what is wrong, lower case, without a full stop */
    public static SyslogAddress parse(String text) {
        String server = null;
        int facility = LOCAL7;
        int severity = INFO;
        String tag = "sluice";
        for (String one : text.substring(PREFIX.length()).split(",", -1)) {
            int equals = one.indexOf('=');
            String value = one.substring(equals + 1);
            switch (equals < 0 ? one : one.substring(0, equals)) {
                case "server" -> server = value;
                case "facility" -> facility = number("facility", value, FACILITIES);
                case "severity" -> severity = number("severity", value, SEVERITIES);
                case "tag" -> tag = tag(value);
                default -> throw new IllegalArgumentException("unknown parameter \"" + one + "\"");
            }
        }
        if (server == null || server.isEmpty()) {
            throw new IllegalArgumentException("the server is missing");
        }
        if (server.startsWith("unix:")) {
            return new SyslogAddress(null, 0, server.substring(5), facility, severity, tag);
        }
        int colon = server.startsWith("[") ? server.indexOf("]:") + 1 : server.indexOf(':');
        boolean hasPort = colon > 0 && server.indexOf(':', colon + 1) < 0;
        String host = hasPort ? server.substring(0, colon) : server;
        return new SyslogAddress(host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1) : host,
                hasPort ? port(server.substring(colon + 1)) : PORT, null, facility, severity, tag);
    }

    private static int number(String what, String word, List<String> words) {
        int at = words.indexOf(word);
        if (at < 0) {
            throw new IllegalArgumentException("unknown " + what + " \"" + word + "\"");
        }
        return at;
    }

    private static String tag(String value) {
        if (!value.matches("[A-Za-z0-9_-]{1,32}")) {
            throw new IllegalArgumentException("\"" + value + "\" is no tag: 1 to 32 letters,"
                    + " digits, _ and -");
        }
        return value;
    }

    private static int port(String digits) {
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65_535) {
            throw new IllegalArgumentException("\"" + digits + "\" is not a port");
        }
        return Integer.parseInt(digits);
    }
}
