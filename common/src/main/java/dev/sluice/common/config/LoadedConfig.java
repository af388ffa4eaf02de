package dev.sluice.common.config;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What loading gave. The configuration is null when there are errors. The flags for JVMs stand in
 * a file beside it; the content of the files with certificates and keys is for the workers;
 * variables are those that it defines itself, secrets the keys of modules that nobody is shown.
 * Written at boot, then read-only.
 *
 * @param effective writes the effective text and keeps all sections for it: few ever ask
 */
public record LoadedConfig(
        SluiceConfig config,
        List<ConfigError> errors,
        List<ConfigError> warnings,
        Supplier<String> effective,
        JvmOptions jvm,
        HandedFiles files,
        Set<String> variables,
        Set<String> secrets) {

    public LoadedConfig {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
        variables = Set.copyOf(variables);
        secrets = Set.copyOf(secrets);
    }

    /** The same, refused for these reasons. */
    public LoadedConfig refused(List<ConfigError> reasons) {
        return new LoadedConfig(null, reasons, warnings, effective, jvm, files, variables,
                secrets);
    }

    /** The same without the sections it was made of: for who keeps it. */
    public LoadedConfig withoutText() {
        return new LoadedConfig(config, errors, warnings, () -> "", jvm, files, variables, secrets);
    }

    /**
     * A configuration file of its own: includes resolved, every path absolute, each line with its
     * origin.
     */
    public String effectiveText() {
        return effective.get();
    }

    /** The effective text for people: what looks like a password is hidden in it. */
    public String shownText() {
        return ShownText.of(effectiveText(), secrets);
    }
}
