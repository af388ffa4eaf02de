package dev.sluice.common.config;

import dev.sluice.common.config.CodingConfig.Proxied;
import java.util.ArrayList;
import java.util.List;

/** The words of {@code gzip_proxied}. Stateless. */
final class ProxiedList implements ValueType<List<Proxied>> {

    /** nginx's words, in the order of the constants. */
    private static final List<String> WORDS = List.of("off", "expired", "no-cache", "no-store",
            "private", "no_last_modified", "no_etag", "auth", "any");

    @Override
    public String name() {
        return "words";
    }

    @Override
    public String form() {
        return "off, any, or some of " + String.join(", ", WORDS.subList(1, WORDS.size() - 1));
    }

    @Override
    public List<Proxied> parse(Value value) throws BadValue {
        List<Proxied> all = new ArrayList<>();
        for (String word : value.words()) {
            int place = WORDS.indexOf(word);
            if (place < 0) {
                throw Scalars.unknownWord(word, WORDS);
            }
            all.add(Proxied.values()[place]);
        }
        if (all.contains(Proxied.OFF) && all.size() > 1) {
            throw new BadValue("\"off\" stands beside other words", "keep one of them");
        }
        return all;
    }
}
