package dev.sluice.common.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The operator's flags for the JVMs of master and workers: the file {@code jvm.options} in the
 * directory of the configuration file, if it is there. They stand behind those that come with the
 * installation, and of two that contradict each other a JVM takes the later one.
 *
 * <pre>
 *   # a comment
 *   [master]
 *   -Xmx96m
 *   [worker]
 *   -Xmx128m
 * </pre>
 *
 * <p>Written at boot, then read-only. The launcher reads the part of the master by itself.
 *
 * @param file where they stand, or would
 */
public record JvmOptions(Path file, List<Flag> master, List<Flag> worker) {

    /** One flag and its line. */
    public record Flag(SourceLine at, String text) {}

    /** The name of the file. */
    public static final String NAME = "jvm.options";

    private static final Pattern FLAG = Pattern.compile("-X.+|-D.+|--add-[a-z]+=.+"
            + "|--(enable|illegal|sun)-[a-z-]+(=.+)?|-(ea|da|esa|dsa)(:.+)?|-verbose(:.+)?"
            + "|-(agentlib|agentpath|javaagent):.+");
    /** What names the files that run, or tells the program where it is. */
    private static final Pattern OURS =
            Pattern.compile("-XX:AOT.*|-Dsluice\\..*|-Djava\\.library\\.path=.*|-Xrs|-Xshare:.*");
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use[A-Za-z0-9]+GC");
    private static final String OUR_COLLECTOR = "-XX:+UseSerialGC";
    private static final String WITHOUT_OURS = "-XX:-UseSerialGC";

    public JvmOptions {
        master = List.copyOf(master);
        worker = List.copyOf(worker);
    }

    /** Reads the file beside a configuration file; none is as good as an empty one. */
    static JvmOptions beside(Path configuration, Problems problems) {
        Path file = configuration.resolveSibling(NAME);
        JvmOptions read = new JvmOptions(file, List.of(), List.of());
        try {
            read = parse(file, Files.readAllLines(file), problems);
        } catch (NoSuchFileException none) {
            return read;
        } catch (MalformedInputException e) {
            problems.error(new SourceLine(file.toString(), 0), "is not a text in UTF-8");
        } catch (IOException e) {
            problems.error(new SourceLine(file.toString(), 0),
                    "cannot be read: " + e.getClass().getSimpleName());
        }
        return read;
    }

    private static JvmOptions parse(Path file, List<String> lines, Problems problems) {
        problems.opened(file.toString());
        List<Flag> master = new ArrayList<>();
        List<Flag> worker = new ArrayList<>();
        List<Flag> section = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            SourceLine at = new SourceLine(file.toString(), i + 1);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[")) {
                section = switch (line) {
                    case "[master]" -> master;
                    case "[worker]" -> worker;
                    default -> {
                        problems.error(at, "unknown section " + line,
                                "[master] and [worker] are known");
                        yield new ArrayList<>();
                    }
                };
            } else if (section == null) {
                problems.error(at, "\"" + line + "\" stands before any section",
                        "put it below [master] or [worker]");
            } else if (isGood(line, at, problems)) {
                section.add(new Flag(at, line));
            }
        }
        return new JvmOptions(file, master, worker);
    }

    private static boolean isGood(String line, SourceLine at, Problems problems) {
        if (line.contains(" ") || line.contains("\t")) {
            problems.error(at, "\"" + line + "\" is more than one word", "write one flag a line");
        } else if (OURS.matcher(line).matches()) {
            problems.error(at, "\"" + line + "\" is not the operator's to set",
                    "the installation sets it, take it out");
        } else if (!FLAG.matcher(line).matches()) {
            problems.error(at, "\"" + line + "\" is not a flag of a JVM",
                    "flags look like -Xmx128m, -XX:MaxMetaspaceSize=64m or -Dname=value");
        } else {
            return true;
        }
        return false;
    }

    /** Words for a command line, behind those of the installation. */
    public static List<String> words(List<Flag> flags) {
        List<String> words = new ArrayList<>();
        for (Flag flag : flags) {
            if (COLLECTOR.matcher(flag.text()).matches() && !flag.text().equals(OUR_COLLECTOR)) {
                // A JVM does not start when two collectors are asked for.
                words.add(WITHOUT_OURS);
            }
            words.add(flag.text());
        }
        return List.copyOf(words);
    }
}
