package dev.sluice.common.config;

import java.io.IOException;
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

    /** The folder beside an effective text with copies of its modules, each named by its digest. */
    public static final String MODULE_COPIES = "modules";

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

    /**
     * Loads an effective text that was checked when it was written. Files are not looked at again:
     * a directory that has gone since must not keep a worker from being replaced.
     *
     * @throws IOException it has errors all the same; the message is all of them
     */
    public static SluiceConfig loadEffective(Path file) throws IOException {
        Problems problems = new Problems();
        List<IniSection> sections = IniReader.read(file, problems);
        KnownModules modules = KnownModules.of(sections, directoryOf(file),
                directoryOf(file).resolve(MODULE_COPIES), problems);
        SluiceConfig config =
                ScopedValue.where(KnownVariables.DEFINED, defined(sections, modules)).call(() ->
                        new ConfigCheck(tree(sections, directoryOf(file), modules, problems),
                                problems, false, new HandedFiles()).check());
        if (problems.hasErrors()) {
            StringBuilder all = new StringBuilder("the configuration it was given has errors");
            for (ConfigError error : problems.errors()) {
                all.append('\n').append(error);
            }
            throw new IOException(all.toString());
        }
        return config;
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
        KnownModules modules = KnownModules.of(sections, base, null, problems);
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

    private static SectionTree tree(List<IniSection> sections, Path base, KnownModules modules,
            Problems problems) {
        SectionTree tree = new SectionTree(problems, base, modules);
        sections.forEach(tree::add);
        return tree;
    }

    private static LoadedConfig check(Path file, List<IniSection> sections, Path base,
            KnownModules modules, Problems problems) {
        SectionTree tree = tree(sections, base, modules, problems);
        HandedFiles files = new HandedFiles();
        SluiceConfig config = new ConfigCheck(tree, problems, true, files).check();
        modules.checkBalancers(config.upstreams(), problems);
        if (config.servers().isEmpty() && config.streams().isEmpty() && !problems.hasErrors()) {
            problems.warn(new SourceLine(file.toString(), 0),
                    "there is no [server NAME]: nothing listens", null);
        }
        String effectiveText = EffectiveText.of(tree);
        JvmOptions jvm = JvmOptions.beside(file, problems);
        return new LoadedConfig(problems.hasErrors() ? null : config, problems.errors(),
                problems.warnings(), effectiveText, jvm, files, KnownVariables.DEFINED.get());
    }
}
