package dev.sluice.common.config;

import dev.sluice.common.config.SectionTree.LocationScope;

/**
 * Writes the configuration as one file: includes resolved, overrides in their place, paths
 * absolute, the number of workers fixed. Loading that file gives the same configuration wherever
 * it lies.
 */
final class EffectiveText {

    private final StringBuilder text = new StringBuilder();
    /** The file of the last line, as it is and as it is shown. */
    private String file;
    private String shownFile;

    private EffectiveText() {
    }

    static String of(SectionTree tree) {
        EffectiveText writer = new EffectiveText();
        writer.main(tree.unnamed(SectionKind.MAIN), tree.modules());
        writer.section("events", tree.unnamed(SectionKind.EVENTS));
        writer.section("http", tree.unnamed(SectionKind.HTTP));
        for (Scope scope : tree.derived()) {
            writer.section(scope.kind.word() + " " + scope.name, scope);
        }
        for (SectionKind kind : new SectionKind[] {
            SectionKind.LOG_FORMAT, SectionKind.LIMIT, SectionKind.CACHE, SectionKind.MODULE,
            SectionKind.UPSTREAM,
            SectionKind.STREAM, SectionKind.SERVER}) {
            for (Scope scope : tree.named(kind)) {
                writer.section(kind.word() + " " + scope.name, scope);
            }
        }
        for (LocationScope location : tree.locations()) {
            writer.section("location " + location.names(), location.scope());
        }
        if (tree.unnamed(SectionKind.ADMIN) != null) {
            writer.section("admin", tree.unnamed(SectionKind.ADMIN));
        }
        writer.types(tree);
        return writer.text.toString();
    }

    /** A worker bound to one CPU would count one; the master's count must hold. */
    private void main(Scope main, KnownModules modules) {
        header("main", main.at);
        boolean written = false;
        for (Setting<?> setting : main.settings()) {
            if (setting.key() == ProcessKeys.WORKERS) {
                written = true;
                line("workers", Integer.toString(ConfigCheck.workerCount(main)),
                        setting.value().at());
            } else if (setting.key() != ModuleKeys.MODULES) {
                line(setting);
            }
        }
        // One by one in their order, each bound to the bytes that were read.
        for (ModuleJar jar : modules.jars()) {
            text.append("; ").append(jar.title()).append('\n');
            line(ModuleKeys.MODULES.name(), Words.quote(jar.file().toString()) + " sha256="
                    + jar.sha256(), modules.place(jar));
        }
        if (!written) {
            line("workers", Integer.toString(ConfigCheck.workerCount(main)), SourceLine.NONE);
        }
        text.append('\n');
    }

    private void section(String header, Scope scope) {
        header(header, scope.at);
        scope.settings().forEach(this::line);
        text.append('\n');
    }

    private void types(SectionTree tree) {
        if (tree.types().isEmpty()) {
            return;
        }
        text.append("[types]\n");
        for (IniEntry entry : tree.types()) {
            line(entry.key(), entry.value(), entry.at());
        }
    }

    private void header(String header, SourceLine at) {
        text.append('[').append(header).append(']');
        origin(at);
    }

    private void line(Setting<?> setting) {
        line(setting.key().name(), setting.effective(), setting.value().at());
    }

    private void line(String key, String value, SourceLine at) {
        // "k =#v" has a value, "k = #v" has a comment.
        boolean mark = value.startsWith("#") || value.startsWith(";");
        text.append(key).append(mark ? " =" : " = ").append(value);
        origin(at);
    }

    private void origin(SourceLine at) {
        // A file may be named with anything; a line break would end the comment.
        if (!at.file().equals(file)) {
            file = at.file();
            shownFile = file.replaceAll("\\p{Cntrl}", "?");
        }
        text.append("  ; ").append(shownFile);
        if (at.line() > 0) {
            text.append(':').append(at.line());
        }
        text.append('\n');
    }
}
