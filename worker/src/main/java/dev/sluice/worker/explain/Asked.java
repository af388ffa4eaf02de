package dev.sluice.worker.explain;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A request that somebody asks about. Immutable.
 *
 * @param method in capitals
 * @param secure whether it comes by TLS
 * @param to host of the URL, with brackets where it is an IPv6 address; empty without a URL
 * @param host that the request names, without a port; empty for a request without one
 * @param port that it comes to; 0 for that of any listener
 * @param target path and query as they are sent
 * @param fields lines of the head, beside Host, each {@code Name: value}
 * @param from address of the client
 * @param listen key of the listener, null for the one that fits the URL
 */
record Asked(String method, boolean secure, String to, String host, int port, String target,
        List<String> fields, String from, String listen) {

    private static final String CONNECT = "CONNECT";
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    Asked {
        fields = List.copyOf(fields);
    }

    /**
     * Reads {@code GET https://www.example.com/path?query}; without a method it is GET. Of {@code
     * CONNECT host:port} the port is the target's, so it comes to any listener without TLS.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static Asked of(String words, List<String> fields, String from, String listen) {
        String[] parts = words.strip().split(" +");
        if (parts.length > 2 || parts[0].isEmpty()) {
            throw new IllegalArgumentException("expected 'GET https://host/path', found \"" + words
                    + "\"");
        }
        String url = parts[parts.length - 1];
        if (parts.length == 2 && parts[0].equalsIgnoreCase(CONNECT)) {
            if (!url.matches("[^/?#@]+:\\d{1,5}")) {
                throw new IllegalArgumentException("expected 'CONNECT host:port', found \"" + words
                        + "\"");
            }
            return new Asked(CONNECT, false, "", url, 0, url, fields, from, listen);
        }
        URI uri;
        try {
            int end = url.indexOf('/', url.indexOf("://") + 3);
            uri = new URI(end < 0 ? url : url.substring(0, end));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("\"" + url + "\" is not a URL", e);
        }
        boolean secure = "https".equals(uri.getScheme());
        if (uri.getHost() == null || !secure && !"http".equals(uri.getScheme())) {
            throw new IllegalArgumentException("\"" + url + "\" is not a URL of http or https");
        }
        int pathAt = url.indexOf('/', url.indexOf("://") + 3);
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? HTTPS_PORT : HTTP_PORT;
        List<String> all = new ArrayList<>();
        String host = uri.getHost();
        for (String field : fields) {
            if (field.regionMatches(true, 0, "Host:", 0, 5)) {
                host = field.substring(5).strip();
            } else {
                all.add(field);
            }
        }
        String target = pathAt < 0 ? "/" : url.substring(pathAt);
        int fragment = target.indexOf('#');
        return new Asked(parts.length == 2 ? parts[0].toUpperCase(Locale.ROOT) : "GET", secure,
                uri.getHost(), host, port,
                fragment < 0 ? target : target.substring(0, fragment), all, from, listen);
    }

    /** The head as HTTP/1 sends it. */
    String head() {
        StringBuilder head = new StringBuilder(method).append(' ').append(target)
                .append(" HTTP/1.1\r\n");
        if (!host.isEmpty()) {
            boolean usual = port == 0 || port == (secure ? HTTPS_PORT : HTTP_PORT);
            head.append("Host: ").append(host)
                    .append(usual || host.matches(".*[^\\[:]:\\d+") ? "" : ":" + port)
                    .append("\r\n");
        }
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    String title() {
        if (method.equals(CONNECT)) {
            return method + " " + target;
        }
        return method + " " + (secure ? "https://" : "http://") + host
                + (port == 0 || port == (secure ? HTTPS_PORT : HTTP_PORT) ? "" : ":" + port)
                + target;
    }
}
