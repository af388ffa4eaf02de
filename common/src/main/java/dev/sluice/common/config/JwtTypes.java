package dev.sluice.common.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** The types of values about signed tokens. */
final class JwtTypes {

    static final ValueType<Place> PLACE = new PlaceType();
    static final ValueType<KeyUrl> KEY_URL = new KeyUrlType();
    static final ValueType<List<String>> ALGORITHMS = new Algorithms();
    static final String ALGORITHMS_DEFAULT =
            "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA";

    private JwtTypes() {
    }

    /** What {@code auth_jwt} says; a realm of null ends what an outer section asks for. */
    record Place(String realm, String token) {
    }

    /** Where keys are fetched, how long they count, and the file of who may sign for the host. */
    record KeyUrl(String url, long refreshMs, String trusted) {
    }

    private static final class KeyUrlType implements ValueType<KeyUrl> {

        private static final long MINUTE_MS = 60_000;

        @Override
        public String name() {
            return "a URL";
        }

        @Override
        public String form() {
            return "https://HOST/PATH [refresh=TIME, from 1m to 1d, 1h when left out]"
                    + " [trusted=FILE]";
        }

        @Override
        public KeyUrl parse(Value value) throws BadValue {
            List<String> words = value.words();
            Options options = Options.of(words.subList(1, words.size()),
                    List.of("refresh=", "trusted="), List.of());
            String url = words.getFirst();
            try {
                URI uri = new URI(url);
                boolean loopback = "http".equals(uri.getScheme())
                        && "127.0.0.1".equals(uri.getHost());
                if (uri.getHost() == null || !"https".equals(uri.getScheme()) && !loopback) {
                    throw new BadValue("\"" + url + "\" is no https URL",
                            "keys that came in the clear could be anybody's");
                }
            } catch (URISyntaxException e) {
                throw new BadValue("\"" + url + "\" is no URL");
            }
            String trusted = options.text("trusted=");
            return new KeyUrl(url, options.millis("refresh=", MINUTE_MS, 24 * 60 * MINUTE_MS,
                    60 * MINUTE_MS), trusted == null ? null : value.path(trusted));
        }

        @Override
        public String effective(Value value, KeyUrl parsed) {
            return Words.quote(parsed.url) + " refresh=" + parsed.refreshMs + "ms"
                    + (parsed.trusted == null ? "" : " trusted=" + Words.quote(parsed.trusted));
        }
    }

    private static final class PlaceType implements ValueType<Place> {

        @Override
        public String name() {
            return "a realm";
        }

        @Override
        public String form() {
            return "\"REALM\" [token=$VARIABLE], or off";
        }

        @Override
        public Place parse(Value value) throws BadValue {
            List<String> words = value.words();
            if (words.getFirst().equals(AccessTypes.OFF) && words.size() == 1) {
                return new Place(null, null);
            }
            Options options = Options.of(words.subList(1, words.size()), List.of("token="),
                    List.of());
            String token = options.text("token=");
            if (words.getFirst().equals(AccessTypes.OFF)) {
                throw new BadValue("the realm \"off\" is the word that asks for nothing",
                        "leave the token out, or name the realm otherwise");
            }
            if (token != null && token.indexOf('$') < 0) {
                throw new BadValue("the token \"" + token + "\" has no variable",
                        "it would be one for all clients: write token=$" + token);
            }
            return new Place(AccessTypes.realm(words.getFirst()),
                    token == null ? null : KnownVariables.check(token));
        }
    }

    private static final class Algorithms implements ValueType<List<String>> {

        private static final List<String> KNOWN = List.of("RS256", "RS384", "RS512", "PS256",
                "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384", "HS512");

        @Override
        public String name() {
            return "names of algorithms";
        }

        @Override
        public String form() {
            return "some of " + String.join(", ", KNOWN);
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            for (String word : value.words()) {
                if (word.equalsIgnoreCase("none")) {
                    throw new BadValue("\"" + word + "\" would let everybody in",
                            "expected " + form());
                }
                if (!KNOWN.contains(word)) {
                    throw Scalars.unknownWord(word, KNOWN);
                }
            }
            return value.words();
        }
    }
}
