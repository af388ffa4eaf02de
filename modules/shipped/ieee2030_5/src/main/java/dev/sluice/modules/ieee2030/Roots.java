package dev.sluice.modules.ieee2030;

import dev.sluice.module.HttpExchange;
import dev.sluice.module.Slot;
import dev.sluice.module.Verdict;
import dev.sluice.modules.ieee2030.RootScanner.Result;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Waits for the beginning of a body of application/sep+xml and finds the name of its root element.
 * Any request passes; one that has no such body at once.
 *
 * <p>Owner: event loop.
 */
final class Roots {

    private static final String SEP_XML = "application/sep+xml";
    /** A server has some hundred resources; whoever invents names fills no memory. */
    private static final int NAMES_MAX = 512;

    private final RootScanner scanner = new RootScanner();
    private final Slot<String> root;
    private final Map<String, String> names = new HashMap<>();
    private final Verdict peek = Verdict.peek(RootScanner.PROLOG_MAX, this::look);

    Roots(Slot<String> root) {
        this.root = root;
    }

    Verdict decide(HttpExchange x) {
        return x.get(root) != null || !isSep(x.header("Content-Type")) ? Verdict.NEXT : peek;
    }

    static boolean isSep(String type) {
        if (type == null || !type.regionMatches(true, 0, SEP_XML, 0, SEP_XML.length())) {
            return false;
        }
        char next = type.length() == SEP_XML.length() ? ';' : type.charAt(SEP_XML.length());
        return next == ';' || next == ' ' || next == '\t';
    }

    private Verdict look(HttpExchange x, ByteBuffer bytes, boolean complete) {
        scanner.reset();
        // A later piece means looking at the first ones again: they are few bytes and hot.
        Result result = scanner.scan(bytes, bytes.position(), bytes.limit());
        if (result == Result.NEED_MORE && !complete) {
            return null;
        }
        x.put(root, result == Result.FOUND ? name() : "");
        return Verdict.NEXT;
    }

    private String name() {
        String name = new String(scanner.name(), 0, scanner.nameLength(),
                StandardCharsets.US_ASCII);
        if (names.size() >= NAMES_MAX) {
            return names.getOrDefault(name, name);
        }
        return names.computeIfAbsent(name, one -> one);
    }
}
