package dev.sluice.master.convert;

import dev.sluice.master.convert.IniText.Section;
import java.util.List;
import java.util.Locale;

/**
 * {@code proxy_cache_path}: the folder of a cache, which is a section here. Stateless but for the
 * text it writes to.
 *
 * <p>Owner: the calling thread.
 */
final class CachePaths {

    /** nginx: "one megabyte zone can store about 8 thousand keys". */
    private static final long KEYS_PER_MB = 8000;
    private static final long KEYS_MIN = 1024;
    private static final long KEYS_MAX = 1 << 24;

    private CachePaths() {
    }

    static void convert(NginxDirective one, IniText out, Losses losses) {
        String name = "cache";
        long megabytes = 1;
        String maxSize = null;
        String inactive = "10m";
        for (String word : one.args().subList(1, one.args().size())) {
            String value = word.substring(word.indexOf('=') + 1);
            switch (word.substring(0, word.length() - value.length())) {
                case "keys_zone=" -> {
                    name = value.split(":")[0];
                    megabytes = megabytes(value.substring(value.indexOf(':') + 1));
                }
                case "max_size=" -> maxSize = value;
                case "inactive=" -> inactive = value;
                case "min_free=" -> losses.tell(one, "max_size is the only bound of a cache");
                default -> { }
            }
        }
        Section section = out.section("[cache " + name + "]", one);
        section.comments.addAll(one.comments());
        NginxDirective bare =
                new NginxDirective(one.name(), one.args(), null, List.of(), one.at());
        section.add(bare, "path", one.arg(0));
        if (maxSize == null) {
            losses.tell(one, "a cache has a bound here: max_size = 1g unless it says another");
        } else {
            section.addText(bare, "max_size", maxSize.toLowerCase(Locale.ROOT));
        }
        section.addText(bare, "inactive", inactive);
        section.addText(bare, "keys",
                Long.toString(Math.clamp(megabytes * KEYS_PER_MB, KEYS_MIN, KEYS_MAX)));
    }

    private static long megabytes(String size) {
        String digits = size.replaceAll("[^0-9]", "");
        long count = digits.matches("[0-9]{1,9}") ? Long.parseLong(digits) : 1;
        String unit = size.toLowerCase(Locale.ROOT);
        return Math.max(1, unit.endsWith("g") ? count << 10 : unit.endsWith("m") ? count
                : unit.endsWith("k") ? count >> 10 : count >> 20);
    }
}
