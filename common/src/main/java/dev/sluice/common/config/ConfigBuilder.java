package dev.sluice.common.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A configuration built in Java, for programs that embed Sluice and for tests. The sections and
 * keys are those of the file, with the same defaults, checks and messages; where a message of the
 * file names its line, one of a built configuration names the line of Java that set the key.
 *
 * <pre>
 *   LoadedConfig loaded = SluiceConfig.builder(Path.of("/etc/sluice"))
 *           .section(SectionKind.MAIN, s -&gt; s.set(ProcessKeys.WORKERS, 2))
 *           .section(SectionKind.UPSTREAM, "app", s -&gt; s.add(ProxyKeys.PEER, "127.0.0.1:9000"))
 *           .section(SectionKind.SERVER, "www", s -&gt; s.add(HttpKeys.LISTEN, "127.0.0.1:8080"))
 *           .location("www", Match.PREFIX, "/", s -&gt; s.set(ProxyKeys.PROXY_PASS, "http://app"))
 *           .load();
 * </pre>
 *
 * <p>Owner: one thread.
 */
public final class ConfigBuilder {

    private static final StackWalker CALLERS = StackWalker.getInstance();

    private final Path directory;
    private final List<IniSection> sections = new ArrayList<>();

    /** @param directory where relative paths start */
    ConfigBuilder(Path directory) {
        this.directory = directory.toAbsolutePath();
    }

    /** A section without a name: {@code [main]}, {@code [http]}. */
    public ConfigBuilder section(SectionKind kind, Consumer<SectionBuilder> keys) {
        return add(kind.word(), keys);
    }

    /** A section with a name: {@code [server www]}. */
    public ConfigBuilder section(SectionKind kind, String name, Consumer<SectionBuilder> keys) {
        return add(kind.word() + " " + Words.quote(name), keys);
    }

    /** A set of paths of a server: {@code [location www ~ \.php$]}. */
    public ConfigBuilder location(String server, LocationConfig.Match match, String pattern,
            Consumer<SectionBuilder> keys) {
        String modifier = match.modifier().isEmpty() ? " " : " " + match.modifier() + " ";
        return add(SectionKind.LOCATION.word() + " " + Words.quote(server) + modifier
                + Words.quote(pattern), keys);
    }

    private ConfigBuilder add(String header, Consumer<SectionBuilder> keys) {
        IniSection section = new IniSection(header, caller());
        sections.add(section);
        keys.accept(new SectionBuilder(section));
        return this;
    }

    /**
     * Checks everything as the file is checked. May be called again after more sections.
     *
     * @return the configuration, or all that is wrong with it
     */
    public LoadedConfig load() {
        return ConfigLoader.loadSections(List.copyOf(sections), directory);
    }

    /** The line of the program that called into this package. */
    static SourceLine caller() {
        String inside = ConfigBuilder.class.getPackageName() + ".";
        return CALLERS.walk(frames -> frames
                .filter(frame -> !frame.getClassName().equals(inside + "ConfigBuilder")
                        && !frame.getClassName().equals(inside + "SectionBuilder"))
                .findFirst()
                .map(frame -> new SourceLine(
                        frame.getFileName() == null ? frame.getClassName() : frame.getFileName(),
                        Math.max(0, frame.getLineNumber())))
                .orElse(SourceLine.NONE));
    }
}
