package dev.sluice.worker.variables;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.variables.BoundVariable.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A text taken apart: literal bytes and variables in their order. {@code $name} and
 * <code>${name}</code> are variables, {@code $12} is {@code $1} and a 2. Built at boot.
 */
final class TextParts {

    /** One of both is null. */
    record Part(byte[] literal, BoundVariable variable) {}

    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private final WorkerScope scope;

    private TextParts(WorkerScope scope) {
        this.scope = scope;
    }

    /** @throws IllegalArgumentException for what the check of the configuration refuses */
    static List<Part> of(String text, WorkerScope scope) {
        TextParts all = new TextParts(scope);
        int at = 0;
        for (int dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
            all.literal.append(text, at, dollar);
            at = all.variable(text, dollar + 1);
        }
        all.literal.append(text, at, text.length());
        all.endLiteral();
        return all.parts;
    }

    private int variable(String text, int at) {
        boolean braced = at < text.length() && text.charAt(at) == '{';
        int from = braced ? at + 1 : at;
        int end = from;
        if (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        } else {
            while (end < text.length() && isNamePart(text.charAt(end))) {
                end++;
            }
        }
        String name = text.substring(from, end);
        boolean closed = !braced || end < text.length() && text.charAt(end) == '}';
        BoundVariable bound = closed ? bind(name) : null;
        if (bound == null) {
            throw new IllegalArgumentException("no variable \"$" + name + "\" in \"" + text + "\"");
        }
        endLiteral();
        parts.add(new Part(null, bound));
        return braced ? end + 1 : end;
    }

    private BoundVariable bind(String name) {
        Variable fixed = Variable.of(name);
        if (fixed != null) {
            return fixed.bind(scope);
        }
        ValueTemplate defined = scope.defined(name);
        if (defined != null) {
            return new BoundVariable((x, out) -> isThere(defined, x, out), Kind.TEXT);
        }
        BoundVariable family = NamedVariables.bind(name, scope);
        return family != null ? family
                : NamedVariables.capture(scope.captureNames.placeOf(name));
    }

    /** An empty value is none: a log shows a dash. */
    private static boolean isThere(ValueTemplate value, Exchange x, ByteSink out) {
        int from = out.position();
        value.append(x, out);
        return out.position() > from;
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    private void endLiteral() {
        if (!literal.isEmpty()) {
            parts.add(new Part(literal.toString().getBytes(StandardCharsets.UTF_8), null));
            literal.setLength(0);
        }
    }
}
