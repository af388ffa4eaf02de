package dev.sluice.common.config;

import com.google.re2j.Pattern;
import dev.sluice.common.config.RewriteConfig.Flag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The types of values that answer or change a request: return, rewrite, error_page, try_files. */
final class AnswerTypes {

    static final ValueType<ReturnConfig> RETURN = new Return();
    static final ValueType<RewriteConfig> REWRITE = new Rewrite();
    static final ValueType<ErrorPageConfig> ERROR_PAGE = new ErrorPage();
    static final ValueType<List<String>> TRY_FILES = new TryFiles();

    private AnswerTypes() {
    }

    private static boolean isUrl(String text) {
        return text.startsWith("http://") || text.startsWith("https://")
                || text.startsWith("$scheme");
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static final class Return implements ValueType<ReturnConfig> {

        /** nginx's status for "close without an answer". */
        private static final int CLOSE = 444;

        @Override
        public String name() {
            return "an answer";
        }

        @Override
        public String form() {
            return "STATUS [\"TEXT\"], STATUS URL for 301 302 303 307 308, or a URL alone (302)";
        }

        @Override
        public ReturnConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            if (words.size() > 2) {
                throw new BadValue("takes a status and one text, found " + words.size() + " words",
                        "put the text into quotes");
            }
            String first = words.getFirst();
            if (words.size() == 1 && isUrl(first)) {
                return new ReturnConfig(302, KnownVariables.check(first));
            }
            if (!isNumber(first)) {
                throw new BadValue("\"" + first + "\" is not a status");
            }
            int status = Scalars.number(first, 200, 599);
            String text = words.size() == 1 ? "" : KnownVariables.check(words.get(1));
            boolean redirect = status >= 301 && status <= 303 || status == 307 || status == 308;
            if (redirect && text.isEmpty()) {
                throw new BadValue("status " + status + " needs a URL",
                        "write: return = " + status + " https://example.com$request_uri");
            }
            boolean bodyless = status == 204 || status == 304 || status == CLOSE;
            if (bodyless && !text.isEmpty()) {
                throw new BadValue("status " + status + " has no body", "leave the text out");
            }
            return new ReturnConfig(status, text);
        }
    }

    private static final class Rewrite implements ValueType<RewriteConfig> {

        private static final List<String> FLAGS =
                List.of("last", "break", "redirect", "permanent");

        @Override
        public String name() {
            return "a rule";
        }

        @Override
        public String form() {
            return "REGEX REPLACEMENT [last | break | redirect | permanent]";
        }

        @Override
        public RewriteConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            if (words.size() < 2 || words.size() > 3) {
                throw new BadValue("takes two or three words, found " + words.size());
            }
            Pattern pattern = AddressTypes.compile(words.get(0), false);
            String replacement = words.get(1);
            int highest = KnownVariables.highestCapture(replacement);
            if (highest > pattern.groupCount()) {
                throw new BadValue("\"$" + highest + "\" has no group in \"" + words.get(0) + "\"",
                        "the expression has " + pattern.groupCount() + " groups ( )");
            }
            Flag flag = words.size() == 2 ? Flag.NONE : flag(words.get(2));
            boolean plainFlag = flag == Flag.NONE || flag == Flag.LAST || flag == Flag.BREAK;
            if (isUrl(replacement) && plainFlag) {
                flag = Flag.REDIRECT;
            }
            return new RewriteConfig(value.at(), words.get(0), replacement, flag);
        }

        private static Flag flag(String word) throws BadValue {
            if (!FLAGS.contains(word)) {
                throw Scalars.unknownWord(word, FLAGS);
            }
            return Flag.valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    private static final class ErrorPage implements ValueType<ErrorPageConfig> {

        @Override
        public String name() {
            return "a rule";
        }

        @Override
        public String form() {
            return "STATUS... [=[STATUS]] /PATH, @NAME or URL";
        }

        @Override
        public ErrorPageConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            int last = words.size() - 1;
            String uri = words.get(last);
            int codesEnd = last;
            int override = ErrorPageConfig.KEEP_STATUS;
            if (last > 0 && words.get(last - 1).startsWith("=")) {
                codesEnd--;
                String status = words.get(last - 1).substring(1);
                override = status.isEmpty() ? ErrorPageConfig.TAKE_STATUS
                        : Scalars.number(status, 200, 599);
            }
            if (codesEnd == 0) {
                throw new BadValue("names no status or no page");
            }
            List<Integer> codes = new ArrayList<>();
            for (String code : words.subList(0, codesEnd)) {
                codes.add(Scalars.number(code, 300, 599));
            }
            if (!uri.startsWith("/") && !uri.startsWith("@") && !isUrl(uri)) {
                throw new BadValue("\"" + uri + "\" is neither a path nor a URL",
                        "a path begins with /, a named location with @");
            }
            return new ErrorPageConfig(codes, override, KnownVariables.check(uri));
        }
    }

    private static final class TryFiles implements ValueType<List<String>> {

        @Override
        public String name() {
            return "paths";
        }

        @Override
        public String form() {
            return "PATH... and at last a path to go on with, @NAME or =STATUS";
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            List<String> words = value.words();
            if (words.size() < 2) {
                throw new BadValue("takes two words at least",
                        "the last one is not tried but used: try_files = $uri =404");
            }
            String last = words.getLast();
            if (last.startsWith("=")) {
                Scalars.number(last.substring(1), 200, 599);
            } else if (!last.startsWith("/") && !last.startsWith("$") && !last.startsWith("@")) {
                throw new BadValue("the last word \"" + last
                        + "\" is neither a path, @NAME nor =STATUS");
            }
            for (String word : words) {
                KnownVariables.check(word);
                if (word.startsWith("=") && !word.equals(last)) {
                    throw new BadValue("\"" + word + "\" is not the last word");
                }
            }
            return words;
        }
    }
}
