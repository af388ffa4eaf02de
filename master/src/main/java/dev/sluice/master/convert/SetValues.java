package dev.sluice.master.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes values of {@code set} out where the variable is used: where it is set once, before it is
 * used, to what does not change meanwhile, that is the same. The others stay as they are.
 *
 * <p>Owner: the calling thread.
 */
final class SetValues {

    /** What a rewrite changes, and groups of the last expression. */
    private static final Pattern CHANGING = Pattern.compile("(?s).*\\$\\{?(\\d|(uri|document_uri|"
            + "args|arg_\\w+|query_string|is_args|request_filename|fastcgi_script_name)\\b).*");
    /** They are carried out one behind the other; all else comes later. */
    private static final Set<String> IN_ORDER = Set.of("if", "rewrite", "return", "set");

    private SetValues() {
    }

    /** The same servers, wherever they stand. */
    static List<NginxDirective> writtenOut(List<NginxDirective> all) {
        List<NginxDirective> result = new ArrayList<>();
        for (NginxDirective one : all) {
            if (one.is("http") && one.block() != null) {
                List<NginxDirective> others = one.block().stream()
                        .filter(inner -> !inner.is("server")).toList();
                result.add(with(one, one.block().stream().map(inner -> inner.is("server")
                        ? with(inner, scope(inner.block(), others, false)) : inner).toList()));
            } else {
                result.add(one);
            }
        }
        return result;
    }

    static NginxDirective with(NginxDirective one, List<NginxDirective> block) {
        return new NginxDirective(one.name(), one.args(), block, one.comments(), one.at());
    }

    /**
     * One server or location.
     *
     * @param outside what sees its variables and is not in it
     * @param location whether locations inside do not see them
     */
    private static List<NginxDirective> scope(List<NginxDirective> given,
            List<NginxDirective> outside, boolean location) {
        List<NginxDirective> block = given;
        for (NginxDirective one : given) {
            if (one.is("set") && one.args().size() == 2
                    && isSayable(one, block, outside, location)) {
                block = replaced(block, one);
            }
        }
        List<NginxDirective> whole = block;
        return block.stream().map(one -> one.is("location") && one.block() != null
                ? with(one, scope(one.block(), beside(whole, one, outside), true)) : one).toList();
    }

    private static List<NginxDirective> beside(List<NginxDirective> block, NginxDirective one,
            List<NginxDirective> outside) {
        List<NginxDirective> all = new ArrayList<>(outside);
        block.stream().filter(other -> other != one).forEach(all::add);
        return all;
    }

    private static boolean isSayable(NginxDirective set, List<NginxDirective> block,
            List<NginxDirective> outside, boolean location) {
        Pattern use = use(set.arg(0));
        if (isChanging(set.arg(1)) || use.matcher(set.arg(1)).find()
                || setsOf(block, set.arg(0)) != 1 || uses(outside, use)
                || isAsked(block, use)) {
            return false;
        }
        boolean before = true;
        for (NginxDirective one : block) {
            if (one == set) {
                before = false;
            } else if ((before && isInOrder(one) || location && one.is("location"))
                    && uses(List.of(one), use)) {
                return false;
            }
        }
        return true;
    }

    /** How often the variable is set, in blocks inside, too. */
    static int setsOf(List<NginxDirective> block, String variable) {
        int count = 0;
        for (NginxDirective one : block) {
            boolean sets = one.name().matches("set|auth_request_set|perl_set|js_set")
                    && one.arg(0).equals(variable);
            count += (sets ? 1 : 0) + (one.block() == null ? 0 : setsOf(one.block(), variable));
        }
        return count;
    }

    /** Whether a rewrite may change what this text says. */
    static boolean isChanging(String text) {
        return CHANGING.matcher(text).matches();
    }

    /** Whether it is carried out where it stands. */
    static boolean isInOrder(NginxDirective one) {
        return IN_ORDER.contains(one.name());
    }

    /** A condition of what never changes would say nothing to who reads it. */
    private static boolean isAsked(List<NginxDirective> block, Pattern use) {
        return block.stream().anyMatch(one -> one.is("if") && one.args().stream().anyMatch(
                arg -> use.matcher(arg).find())
                || one.block() != null && isAsked(one.block(), use));
    }

    static Pattern use(String variable) {
        String name = Pattern.quote(variable.substring(1));
        return Pattern.compile("\\$(?:" + name + "(?!\\w)|\\{" + name + "})");
    }

    static boolean uses(List<NginxDirective> all, Pattern use) {
        return all.stream().anyMatch(one -> use.matcher(one.name()).find()
                || one.args().stream().anyMatch(arg -> use.matcher(arg).find())
                || one.block() != null && uses(one.block(), use));
    }

    private static List<NginxDirective> replaced(List<NginxDirective> block, NginxDirective set) {
        Pattern use = use(set.arg(0));
        List<NginxDirective> result = new ArrayList<>();
        for (NginxDirective one : block) {
            if (one == set) {
                List<String> comments = new ArrayList<>(set.comments());
                comments.add(" written out where it is used: " + set.text());
                result.add(new NginxDirective("", List.of(), null, comments, set.at()));
                continue;
            }
            List<String> args = one.args().stream().map(arg -> use.matcher(arg)
                    .replaceAll(Matcher.quoteReplacement(set.arg(1)))).toList();
            result.add(new NginxDirective(one.name(), args, one.block() == null ? null
                    : replaced(one.block(), set), one.comments(), one.at()));
        }
        return result;
    }
}
