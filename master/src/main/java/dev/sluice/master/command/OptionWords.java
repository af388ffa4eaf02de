package dev.sluice.master.command;

import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.SluiceConfig;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The words behind a command: options with a value, flags, and the rest. Immutable. */
public final class OptionWords {

    private final Map<String, String> options = new HashMap<>();
    private final List<String> rest = new ArrayList<>();
    private boolean help;

    private OptionWords() {
    }

    /**
     * @param valued options that take the next word
     * @param flags options that stand alone
     * @throws IllegalArgumentException an option is unknown, or has no value
     */
    public static OptionWords of(List<String> words, List<String> valued, List<String> flags) {
        OptionWords all = new OptionWords();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-h") || word.equals("-?") || word.equals("--help")) {
                all.help = true;
            } else if (valued.contains(word)) {
                if (++i == words.size()) {
                    throw new IllegalArgumentException("\"" + word + "\" has no value");
                }
                all.options.put(word, words.get(i));
            } else if (flags.contains(word)) {
                all.options.put(word, "");
            } else if (word.startsWith("-")) {
                throw new IllegalArgumentException("unexpected \"" + word + "\"");
            } else {
                all.rest.add(word);
            }
        }
        return all;
    }

    public boolean asksForHelp() {
        return help;
    }

    public boolean has(String option) {
        return options.containsKey(option);
    }

    /** What are no options. */
    public List<String> rest() {
        return List.copyOf(rest);
    }

    /** @throws IllegalArgumentException there are more words than {@code count} */
    public void noMore(int count) {
        if (rest.size() > count) {
            throw new IllegalArgumentException("unexpected \"" + rest.get(count) + "\"");
        }
    }

    public Path path(String option, Path otherwise) {
        String text = options.get(option);
        return text == null ? otherwise : Path.of(text);
    }

    public String text(String option, String otherwise) {
        return options.getOrDefault(option, otherwise);
    }

    /**
     * The configuration that {@code -c} and {@code -p} name.
     *
     * @param err is told what is wrong with it
     * @return null when it is bad
     */
    public SluiceConfig config(Path defaultConfig, PrintStream err) {
        LoadedConfig loaded = ConfigLoader.load(path("-c", defaultConfig), path("-p", null),
                List.of());
        loaded.errors().stream().map(ConfigError::asError).forEach(err::println);
        return loaded.config();
    }

    /** The run directory of {@link #config}; null when it is bad. */
    public Path runDirectory(Path defaultConfig, PrintStream err) {
        SluiceConfig config = config(defaultConfig, err);
        return config == null ? null : Path.of(config.main().runDirectory());
    }

    /** @throws IllegalArgumentException the value is no number from least to most */
    public int number(String option, int least, int most, int otherwise) {
        String text = options.get(option);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least
                || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException("\"" + text + "\" of " + option
                    + " is not from " + least + " to " + most);
        }
        return Integer.parseInt(text);
    }
}
