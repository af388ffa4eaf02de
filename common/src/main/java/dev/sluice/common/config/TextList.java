package dev.sluice.common.config;

import java.util.List;

/** Words with variables. Stateless. */
final class TextList implements ValueType<List<String>> {

    @Override
    public String name() {
        return "texts";
    }

    @Override
    public String form() {
        return "words with variables, separated by spaces";
    }

    @Override
    public List<String> parse(Value value) throws BadValue {
        List<String> words = value.words();
        for (String word : words) {
            KnownVariables.check(word);
        }
        return words;
    }
}
