package dev.sluice.worker.tls;

import io.netty.internal.tcnative.Library;
import io.netty.internal.tcnative.SSL;
import io.netty.util.internal.NativeLibraryLoader;

/**
 * BoringSSL, loaded once for a process, without Netty's engine and what that asks of the JDK when
 * it is loaded.
 */
final class BoringSsl {

    private static final String NAME = "netty_tcnative_linux_" + architecture();
    /** Null when it is there. */
    private static final Throwable MISSING = load();

    private BoringSsl() {
    }

    /** @throws IllegalArgumentException it cannot be loaded, with the reason */
    static void need() {
        if (MISSING != null) {
            throw new IllegalArgumentException(
                    "TLS needs BoringSSL, which cannot be loaded: " + MISSING, MISSING);
        }
    }

    /** As Netty names its libraries. */
    private static String architecture() {
        String name = System.getProperty("os.arch");
        return switch (name) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "aarch_64";
            default -> name;
        };
    }

    private static Throwable load() {
        try {
            NativeLibraryLoader.load(NAME, SSL.class.getClassLoader());
            // "provided": it is loaded already.
            return Library.initialize("provided", null) ? null
                    : new IllegalStateException("it does not start");
        } catch (Exception | LinkageError e) {
            return e;
        }
    }
}
