package dev.sluice.worker.variables;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.variables.BoundVariable.Kind;
import java.util.List;

/**
 * Text with variables for a header, a URL, a path or a body. An absent value leaves nothing.
 *
 * <p>Written at boot, then read-only; its values belong to the event loop.
 */
public final class Template implements ValueTemplate {

    /** Part i is {@code literals[i]}, or {@code values[i]} where that is null. */
    private final byte[][] literals;
    private final VariableValue[] values;
    /** How the value of part i is escaped. */
    private final Escaping[] escapings;

    private Template(List<TextParts.Part> parts, Escaping ofPaths, Escaping ofSegments) {
        literals = new byte[parts.size()][];
        values = new VariableValue[parts.size()];
        escapings = new Escaping[parts.size()];
        for (int i = 0; i < literals.length; i++) {
            TextParts.Part part = parts.get(i);
            literals[i] = part.literal();
            if (part.variable() != null) {
                values[i] = part.variable().value();
                Kind kind = part.variable().kind();
                escapings[i] = kind == Kind.PATH ? ofPaths
                        : kind == Kind.SEGMENT ? ofSegments : Escaping.NONE;
            }
        }
    }

    /** A text that is written as it is: a header, a body. Path parameters are encoded in it. */
    public static Template compile(String text, WorkerScope scope) {
        return new Template(TextParts.of(text, scope), Escaping.NONE, Escaping.PATH);
    }

    /** A path on its way to be made canonical, or to a file: nothing is encoded. */
    public static Template compilePath(String text, WorkerScope scope) {
        return new Template(TextParts.of(text, scope), Escaping.NONE, Escaping.NONE);
    }

    /** A URL: {@code $uri} and captures, which are decoded, are encoded for its path. */
    public static Template compileUrl(String text, WorkerScope scope) {
        return new Template(TextParts.of(text, scope), Escaping.PATH, Escaping.PATH);
    }

    /** The query of a URL: {@code $uri} and captures are encoded as values in it. */
    public static Template compileQuery(String text, WorkerScope scope) {
        return new Template(TextParts.of(text, scope), Escaping.QUERY, Escaping.QUERY);
    }

    @Override
    public void append(Exchange x, ByteSink out) {
        for (int i = 0; i < literals.length; i++) {
            byte[] literal = literals[i];
            if (literal != null) {
                out.put(literal);
                continue;
            }
            int from = out.position();
            if (values[i].append(x, out)) {
                escapings[i].apply(out, from);
            }
        }
    }

    /** The text, when it is the same for every exchange; null when it has variables. */
    public byte[] constant() {
        if (literals.length == 0) {
            return new byte[0];
        }
        return literals.length == 1 ? literals[0] : null;
    }
}
