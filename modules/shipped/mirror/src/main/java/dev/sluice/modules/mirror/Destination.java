package dev.sluice.modules.mirror;

import dev.sluice.module.ModuleException;
import java.net.URI;
import java.net.URISyntaxException;

/** Where copies go. Immutable. */
record Destination(String host, int port) {

    private static final int HTTP_PORT = 80;

    static Destination parse(String text) throws ModuleException {
        try {
            URI uri = new URI(text);
            boolean bare = uri.getRawPath().isEmpty() && uri.getRawQuery() == null;
            if ("http".equals(uri.getScheme()) && uri.getHost() != null && bare) {
                return new Destination(uri.getHost(),
                        uri.getPort() < 0 ? HTTP_PORT : uri.getPort());
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new ModuleException("\"" + text + "\" is no place for copies",
                "mirror = http://HOST:PORT, without a path; it gets the path of the request");
    }
}
