package dev.sluice.master.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an {@code if} does where a file is not there, as {@code try_files}. Stateless.
 */
final class FileTests {

    /** The last word leads to a location with a name, which passes the request on. */
    static final String PASSED_ON = "@";
    private static final String REASON = "files are asked for by try_files; what holds for a while,"
            + " such as maintenance, is a changed line and a reload";

    private static final Pattern TEST = Pattern.compile("(!?)-([fdex]) \"?([^ \"]+)\"?");
    private static final Set<String> REQUESTED = Set.of("$request_filename",
            "$document_root$uri", "$document_root/$uri", "$document_root$document_uri");
    /** All of a path is the first group, or nothing is. */
    private static final Set<String> ANY = Set.of("^", ".*", "^.*$", "^.*", "^/", "^(.*)$",
            "^(.*)", "(.*)", "^(.+)$", "^(.+)", "^/(.*)$", "^/(.*)", "^/(.+)$", "^/.*$");

    private FileTests() {
    }

    /** Whether it asks for a file. */
    static boolean asks(NginxDirective one) {
        return TEST.matcher(Conditions.asked(one)).matches();
    }

    /** The words of {@code try_files} that do the same; null where there are none. */
    static List<String> words(NginxDirective one) {
        Matcher m = TEST.matcher(Conditions.asked(one));
        String target = target(one.block());
        if (!m.matches() || m.group(1).isEmpty() || m.group(2).equals("x")
                || !REQUESTED.contains(m.group(3)) || target == null) {
            return null;
        }
        List<String> words = new ArrayList<>();
        if (!m.group(2).equals("d")) {
            words.add("$uri");
        }
        if (!m.group(2).equals("f")) {
            words.add("$uri/");
        }
        words.add(target);
        return words;
    }

    /** Why it stays as it is: where it stands, something else answers. */
    static String reason(NginxDirective one) {
        List<String> words = words(one);
        if (words == null) {
            return REASON;
        }
        return "write try_files = " + String.join(" ", words).replaceFirst("@$", "@NAME")
                + " in the locations that have files";
    }

    private static String target(List<NginxDirective> block) {
        List<NginxDirective> acts = block.stream()
                .filter(inner -> !inner.isComment() && !inner.is("break")).toList();
        if (acts.stream().anyMatch(inner -> inner.is("proxy_pass"))) {
            return PASSED_ON;
        }
        if (acts.size() != 1) {
            return null;
        }
        NginxDirective act = acts.getFirst();
        if (act.is("return") && act.args().size() == 1 && act.arg(0).matches("[45]\\d\\d")) {
            return "=" + act.arg(0);
        }
        return act.is("rewrite") && (act.args().size() == 2 || act.arg(2).equals("last"))
                && ANY.contains(act.arg(0)) ? rewritten(act.arg(0), act.arg(1)) : null;
    }

    /** The query of the request comes behind one that the target has, as with nginx's rewrite. */
    private static String rewritten(String pattern, String to) {
        String group = pattern.startsWith("^/(") ? "/$1" : "$1";
        String path = pattern.indexOf('(') < 0 ? to : to.replace(group, "$uri");
        boolean sayable = path.startsWith("/") && !path.endsWith("?")
                && !path.matches("(?s).*(\\$\\d|/\\$uri).*");
        return sayable ? path + (path.indexOf('?') < 0 ? "?" : "&") + "$args" : null;
    }
}
