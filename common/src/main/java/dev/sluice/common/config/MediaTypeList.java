package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Media types without parameters, in lower case; {@code text/*} stands for all that begin so,
 * {@code *} for all. Stateless.
 */
final class MediaTypeList implements ValueType<List<String>> {

    @Override
    public String name() {
        return "media types";
    }

    @Override
    public String form() {
        return "media types such as text/css, text/*, or *";
    }

    @Override
    public List<String> parse(Value value) throws BadValue {
        List<String> types = new ArrayList<>();
        for (String word : value.words()) {
            String type = word.toLowerCase(Locale.ROOT);
            boolean group = type.endsWith("/*") && TypesCheck.isMediaType(type.replace('*', 'x'));
            boolean one = type.indexOf(';') < 0 && TypesCheck.isMediaType(type);
            if (!type.equals("*") && !group && !one) {
                throw new BadValue("\"" + word + "\" is not a media type");
            }
            types.add(type);
        }
        return types;
    }
}
