package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.List;

/**
 * A path with parameters, {@code /users/{id}/files/{rest...}}. A parameter stands for one whole
 * segment, which is not empty; one with dots behind its name stands for all that follows, which may
 * be empty, and is the last. Written at boot, then read-only.
 */
public record PathTemplate(List<Part> parts) {

    /** The most parameters of one template. */
    public static final int PARAMETERS_MAX = 16;

    /** Literal text, or a parameter; one of both names is null. */
    public record Part(String literal, String parameter, boolean rest) {
    }

    public PathTemplate {
        parts = List.copyOf(parts);
    }

    /** Whether a pattern of a location is meant as a template. */
    static boolean isMeant(String pattern) {
        return pattern.indexOf('{') >= 0 || pattern.indexOf('}') >= 0;
    }

    /** For a pattern that has been checked. */
    public static PathTemplate of(String pattern) {
        try {
            return parse(pattern);
        } catch (BadValue e) {
            throw new IllegalArgumentException(e);
        }
    }

    static PathTemplate parse(String pattern) throws BadValue {
        List<Part> parts = new ArrayList<>();
        int parameters = 0;
        int literalFrom = 0;
        int end;
        for (int from = 1; from <= pattern.length(); from = end + 1) {
            end = pattern.indexOf('/', from);
            end = end < 0 ? pattern.length() : end;
            String segment = pattern.substring(from, end);
            if (isMeant(segment)) {
                Part part = parameter(segment, end == pattern.length());
                if (contains(parts, part.parameter)) {
                    throw new BadValue("the parameter \"" + part.parameter + "\" is there twice",
                            "name each otherwise: $path_" + part.parameter
                                    + " could be either");
                }
                parts.add(new Part(pattern.substring(literalFrom, from), null, false));
                parts.add(part);
                parameters++;
                literalFrom = end;
            }
        }
        if (literalFrom < pattern.length()) {
            parts.add(new Part(pattern.substring(literalFrom), null, false));
        }
        if (parameters > PARAMETERS_MAX) {
            throw new BadValue("has " + parameters + " parameters",
                    "at most " + PARAMETERS_MAX + " can be told apart");
        }
        return new PathTemplate(parts);
    }

    private static boolean contains(List<Part> parts, String parameter) {
        for (Part part : parts) {
            if (parameter.equals(part.parameter)) {
                return true;
            }
        }
        return false;
    }

    private static Part parameter(String segment, boolean last) throws BadValue {
        int end = segment.length() - 1;
        boolean whole = segment.charAt(0) == '{' && segment.charAt(end) == '}' && end > 0;
        String inside = whole ? segment.substring(1, end) : "";
        String name = inside.endsWith("...") ? inside.substring(0, inside.length() - 3)
                : inside.endsWith("\u2026") ? inside.substring(0, inside.length() - 1) : inside;
        if (!isName(name)) {
            throw new BadValue("\"" + segment + "\" is no parameter",
                    "a parameter is a whole segment: {name}, or {name...} for the rest");
        }
        boolean rest = name.length() < inside.length();
        if (rest && !last) {
            throw new BadValue("\"" + segment + "\" is not the last segment",
                    "it stands for all that follows");
        }
        return new Part(null, name, rest);
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_';
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** In their order. */
    public List<String> parameters() {
        List<String> names = new ArrayList<>();
        for (Part part : parts) {
            if (part.parameter != null) {
                names.add(part.parameter);
            }
        }
        return names;
    }

    /** The same for templates that match the same paths. */
    public String shape() {
        StringBuilder shape = new StringBuilder();
        for (Part part : parts) {
            shape.append(part.literal != null ? part.literal : part.rest ? "{...}" : "{}");
        }
        return shape.toString();
    }
}
