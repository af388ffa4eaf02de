package dev.sluice.common.config;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a drop-in module says of itself, read from the manifest and the key table of its jar before
 * any of its classes is loaded. Written at boot, then read-only.
 *
 * @param file where its bytes are read from: of a worker the copy that its master made
 * @param sha256 of the jar, in lower-case hexadecimal digits
 * @param version as its author counts; empty when the manifest says none
 * @param api which version of dev.sluice.module it was compiled against
 * @param phases what the manifest says of when it acts, for lists; may be empty
 * @param before names of modules that come behind it
 * @param after names of modules that come before it
 * @param needs names of modules without which it cannot be
 * @param variables names of those that it brings, without the dollar sign
 * @param counters names of its own counters
 * @param balancers names of what chooses peers
 * @param kinds what its keys are, by name, for workers: {@code a list}, or the name of the type
 * @param keys what it adds to the language; those of MODULE stand in [module NAME]
 */
public record ModuleJar(
        Path file,
        String sha256,
        String name,
        String version,
        String api,
        String phases,
        List<String> before,
        List<String> after,
        List<String> needs,
        List<String> variables,
        List<String> counters,
        List<String> balancers,
        Map<String, String> kinds,
        List<ConfigKey<?>> keys) {

    /** The version of the interface that this Sluice has. */
    public static final String API = "0.4";

    public ModuleJar {
        before = List.copyOf(before);
        after = List.copyOf(after);
        needs = List.copyOf(needs);
        variables = List.copyOf(variables);
        counters = List.copyOf(counters);
        balancers = List.copyOf(balancers);
        kinds = Map.copyOf(kinds);
        keys = List.copyOf(keys);
    }

    /** The same in the copy that a master makes for workers, who need not know its language. */
    ModuleJar copiedTo(Path folder) {
        return new ModuleJar(folder.resolve(sha256 + ".jar"), sha256, name, version, api, phases,
                before, after, needs, variables, counters, balancers, kinds, List.of());
    }

    /** The digest of a jar's bytes, as {@link #sha256} has it. */
    public static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** {@code api_key 1.0.0 (API 0.3, access, sha256 3b5d...)}, for lists. */
    public String title() {
        return name + (version.isEmpty() ? "" : " " + version) + " (API " + api
                + (phases.isEmpty() ? "" : ", " + phases) + ", sha256 " + sha256 + ")";
    }
}
