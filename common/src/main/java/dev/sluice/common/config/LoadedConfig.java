package dev.sluice.common.config;

import java.util.List;

/**
 * What loading gave. The configuration is null when there are errors. The effective text is a
 * configuration file of its own: includes resolved, every path absolute, each line with its
 * origin. The flags for JVMs stand in a file beside it; the content of the files with certificates
 * and keys is for the workers. Written at boot, then read-only.
 */
public record LoadedConfig(
        SluiceConfig config,
        List<ConfigError> errors,
        List<ConfigError> warnings,
        String effectiveText,
        JvmOptions jvm,
        HandedFiles files) {

    public LoadedConfig {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    /** The effective text for people: what looks like a password is hidden in it. */
    public String shownText() {
        return ShownText.of(effectiveText);
    }
}
