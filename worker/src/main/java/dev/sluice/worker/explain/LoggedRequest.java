package dev.sluice.worker.explain;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request as an access log tells of it: combined or anything else that begins with the client's
 * address and has {@code "METHOD TARGET PROTOCOL"} in quotes, or JSON with {@code request}, {@code
 * remote_addr} and {@code host}. Stateless.
 */
final class LoggedRequest {

    private static final Pattern REQUEST =
            Pattern.compile("\"([A-Z]+) (/[^ \"]*) HTTP/[0-9.]+\"");
    private static final Pattern ADDRESS = Pattern.compile("^([0-9a-fA-F:.]+) ");
    private static final Pattern JSON_ADDRESS =
            Pattern.compile("\"remote_addr\":\"([0-9a-fA-F:.]+)\"");
    private static final Pattern JSON_HOST = Pattern.compile("\"host\":\"([^\"\\\\ ]+)\"");

    private LoggedRequest() {
    }

    /**
     * @param host where the line names none
     * @return null when no request is in the line
     */
    static Asked of(String line, String host, boolean secure, String listen) {
        Matcher request = REQUEST.matcher(line);
        if (!request.find()) {
            return null;
        }
        boolean json = line.startsWith("{");
        String from = first(json ? JSON_ADDRESS : ADDRESS, line, "127.0.0.1");
        String named = json ? first(JSON_HOST, line, host) : host;
        return new Asked(request.group(1), secure, "", named, 0, request.group(2), List.of(),
                from, listen);
    }

    private static String first(Pattern pattern, String line, String otherwise) {
        Matcher found = pattern.matcher(line);
        return found.find() ? found.group(1) : otherwise;
    }
}
