package dev.sluice.common.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads, checks and types a configuration. It opens no socket, resolves no name, touches no log; it
 * looks whether the directories to serve can be read. Owner: the calling thread.
 */
public final class ConfigLoader {

    private ConfigLoader() {
    }

    /**
     * Loads a file and what it includes. Relative paths start at the prefix, or at the directory of
     * the file when the prefix is null. Each override is {@code key=value}.
     */
    public static LoadedConfig load(Path file, Path prefixOrNull, List<String> overrides) {
        Problems problems = new Problems();
        List<IniSection> sections = IniReader.read(file, problems);
        Path base = prefixOrNull == null ? directoryOf(file) : prefixOrNull.toAbsolutePath();
        return check(file, sections, base, overrides, problems);
    }

    /** Loads a text; paths and includes are relative to the directory. Its file is "text". */
    public static LoadedConfig loadText(String text, Path directory) {
        Problems problems = new Problems();
        Path file = directory.resolve("text");
        List<IniSection> sections = IniReader.readText(text, file, problems);
        return check(file, sections, directory.toAbsolutePath(), List.of(), problems);
    }

    /** Checks what a program has written: see {@link ConfigBuilder}. */
    static LoadedConfig loadSections(List<IniSection> sections, Path directory) {
        Problems problems = new Problems();
        List<IniSection> checked = new ArrayList<>();
        for (IniSection section : sections) {
            problems.opened(section.at().file());
            checked.add(WrittenLines.check(section, problems));
        }
        return check(directory.resolve("built"), checked, directory, List.of(), problems);
    }

    private static Path directoryOf(Path file) {
        return file.toAbsolutePath().getParent();
    }

    private static LoadedConfig check(
            Path file, List<IniSection> sections, Path base, List<String> overrides,
            Problems problems) {
        Overrides.apply(overrides, sections, problems);
        KnownModules modules = KnownModules.of(sections, base, problems);
        return ScopedValue.where(KnownVariables.DEFINED, defined(sections, modules))
                .call(() -> check(file, sections, base, modules, problems));
    }

    private static Set<String> defined(List<IniSection> sections, KnownModules modules) {
        Set<String> names = DefinedNames.of(sections);
        if (modules == KnownModules.NONE) {
            return names;
        }
        Set<String> all = new HashSet<>(names);
        all.addAll(modules.variables());
        return Set.copyOf(all);
    }

    private static LoadedConfig check(Path file, List<IniSection> sections, Path base,
            KnownModules modules, Problems problems) {
        SectionTree tree = new SectionTree(problems, base, modules);
        sections.forEach(tree::add);
        HandedFiles files = new HandedFiles();
        SluiceConfig config = new ConfigCheck(tree, problems, files).check();
        modules.checkBalancers(config.upstreams(), problems);
        if (config.servers().isEmpty() && config.streams().isEmpty() && !problems.hasErrors()) {
            problems.warn(new SourceLine(file.toString(), 0),
                    "there is no [server NAME]: nothing listens", null);
        }
        JvmOptions jvm = JvmOptions.beside(file, problems);
        return new LoadedConfig(problems.hasErrors() ? null : config, problems.errors(),
                problems.warnings(), () -> EffectiveText.of(tree), jvm, files,
                KnownVariables.DEFINED.get(),
                modules.secrets());
    }
}
