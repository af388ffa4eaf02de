package dev.sluice.common.config;

import dev.sluice.common.config.ExpiresConfig.Kind;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of {@code expires}. */
final class ExpiresType implements ValueType<ExpiresConfig> {

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    /** As far as the year 9999 nobody looks; ten years are what "max" says. */
    private static final long SECONDS_MAX = 100 * 365 * DAY;
    private static final Pattern PART = Pattern.compile("(\\d{1,9})([yMwdhms]?)");

    @Override
    public String name() {
        return "a time";
    }

    @Override
    public String form() {
        return "a time such as 30d or -1, modified TIME, @TIME of the day, epoch, max, off or a"
                + " variable";
    }

    @Override
    public ExpiresConfig parse(Value value) throws BadValue {
        List<String> words = value.words();
        if (value.text().indexOf('$') >= 0 && words.size() <= 2) {
            if (words.size() == 2 && !words.getFirst().equals("modified")) {
                throw new BadValue("takes one word, or modified and a time");
            }
            return new ExpiresConfig(Kind.VARIABLE, 0,
                    KnownVariables.check(String.join(" ", words)));
        }
        return said(words);
    }

    /** What words without variables say. */
    static ExpiresConfig said(List<String> words) throws BadValue {
        if (words.size() == 2 && words.getFirst().equals("modified")) {
            return new ExpiresConfig(Kind.MODIFIED, signed(words.get(1)));
        }
        if (words.size() != 1) {
            throw new BadValue("takes one word, found " + words.size());
        }
        String word = words.getFirst();
        if (word.startsWith("@")) {
            long seconds = seconds(word, word.substring(1));
            if (seconds > DAY) {
                throw new BadValue("\"" + word + "\" is no time of the day",
                        "expected @0s to @24h");
            }
            return new ExpiresConfig(Kind.DAILY, seconds);
        }
        return switch (word) {
            case "off" -> ExpiresConfig.OFF;
            case "epoch" -> new ExpiresConfig(Kind.EPOCH, 0);
            case "max" -> new ExpiresConfig(Kind.MAX, 0);
            default -> new ExpiresConfig(Kind.ACCESS, signed(word));
        };
    }

    private static long signed(String word) throws BadValue {
        boolean minus = word.startsWith("-");
        long seconds = seconds(word, minus || word.startsWith("+") ? word.substring(1) : word);
        return minus ? -seconds : seconds;
    }

    /** nginx's parts one behind the other, 1h30m; a bare number is seconds. */
    private static long seconds(String word, String digits) throws BadValue {
        Matcher part = PART.matcher(digits);
        long seconds = 0;
        int at = 0;
        while (at < digits.length() && part.find(at) && part.start() == at) {
            seconds += Long.parseLong(part.group(1)) * unit(part.group(2));
            at = part.end();
            if (part.group(2).isEmpty()) {
                break;
            }
        }
        if (digits.isEmpty() || at < digits.length()) {
            throw new BadValue("\"" + word + "\" is not a time");
        }
        if (seconds > SECONDS_MAX) {
            throw BadValue.outOfRange(word, "at most 100y; max stands for ten years");
        }
        return seconds;
    }

    private static long unit(String letter) {
        return switch (letter) {
            case "y" -> 365 * DAY;
            case "M" -> 30 * DAY;
            case "w" -> 7 * DAY;
            case "d" -> DAY;
            case "h" -> HOUR;
            case "m" -> MINUTE;
            default -> 1;
        };
    }
}
