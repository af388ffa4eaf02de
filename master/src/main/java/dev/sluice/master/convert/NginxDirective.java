package dev.sluice.master.convert;

import dev.sluice.common.config.SourceLine;
import java.util.List;

/**
 * One directive of an nginx configuration. Immutable.
 *
 * @param name empty for comments at the end of a block
 * @param args without quotes, escapes taken out
 * @param block what stands in its braces; null without
 * @param comments the lines before it and the one behind it, without their signs
 */
record NginxDirective(String name, List<String> args, List<NginxDirective> block,
        List<String> comments, SourceLine at) {

    NginxDirective {
        args = List.copyOf(args);
        block = block == null ? null : List.copyOf(block);
        comments = List.copyOf(comments);
    }

    String arg(int i) {
        return i < args.size() ? args.get(i) : "";
    }

    /** Whether it is nothing but comments, at the end of a block. */
    boolean isComment() {
        return name.isEmpty() && args.isEmpty();
    }

    boolean is(String other) {
        return name.equals(other);
    }

    /** As an operator would write it, on one line. */
    String text() {
        StringBuilder text = new StringBuilder(name);
        for (String arg : args) {
            text.append(' ').append(arg.isEmpty() ? "\"\"" : arg);
        }
        return text.append(block == null ? ";" : " { ... }").toString().replaceAll("\\s+", " ");
    }
}
