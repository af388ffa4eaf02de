package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.MAIN;
import static dev.sluice.common.config.SectionKind.MODULE;

import java.util.List;
import java.util.Locale;

/** The part of the table for drop-in modules. Written at boot, then read-only. */
public final class ModuleKeys {

    /** One value of {@code modules}; the digest is null when none is asked for. */
    record Source(String path, String sha256) {}

    public static final ConfigKey<Source> MODULES = ConfigKey.list("modules", new SourceType(),
            "Drop-in modules: a jar, a folder whose jars are all taken, or a pattern. With"
                    + " sha256=DIGEST a jar of other bytes is refused.", MAIN)
            .shows("/etc/sluice/modules.d");

    public static final ConfigKey<ModuleConfig.OnError> ON_ERROR = ConfigKey.single("on_error",
            new Scalars.Choice<>(ModuleConfig.OnError.class), "fail_closed",
            "What becomes of a request when a hook of the module fails: fail_closed answers 500,"
                    + " unavailable 503, fail_open goes on without the hook.", MODULE);

    public static final ConfigKey<Long> TIMEOUT = ConfigKey.single("timeout",
            new Scalars.Time(1, 3_600_000), "10s",
            "How long a blocking hook of the module may take; then it is interrupted and has"
                    + " failed.", MODULE);

    public static final ConfigKey<Integer> MAX_CONCURRENT = ConfigKey.single("max_concurrent",
            new Scalars.Count(1, 10_000), "64",
            "How many blocking hooks of the module may run at once in a worker; further ones"
                    + " have failed.", MODULE);

    static final List<ConfigKey<?>> ALL = List.of(MODULES, ON_ERROR, TIMEOUT, MAX_CONCURRENT);

    private ModuleKeys() {
    }

    /** A path or pattern, and the digest. */
    private static final class SourceType implements ValueType<Source> {

        private static final String DIGEST = "sha256=";

        @Override
        public String name() {
            return "jars";
        }

        @Override
        public String form() {
            return "a jar, a folder or a pattern of jars, and with one jar sha256=DIGEST if wanted";
        }

        @Override
        public Source parse(Value value) throws BadValue {
            List<String> words = value.words();
            String digest = Options.of(words.subList(1, words.size()), List.of(DIGEST), List.of())
                    .text(DIGEST);
            if (digest != null && !digest.matches("[0-9A-Fa-f]{64}")) {
                throw new BadValue("\"" + digest + "\" is not a SHA-256",
                        "write the 64 digits that sha256sum prints");
            }
            return new Source(value.path(words.getFirst()),
                    digest == null ? null : digest.toLowerCase(Locale.ROOT));
        }

        @Override
        public String effective(Value value, Source parsed) {
            return Words.quote(parsed.path())
                    + (parsed.sha256() == null ? "" : " " + DIGEST + parsed.sha256());
        }
    }
}
